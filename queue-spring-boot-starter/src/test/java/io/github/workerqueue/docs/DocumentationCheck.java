package io.github.workerqueue.docs;

import java.util.List;

/** Check of one page of the documentation. */
interface DocumentationCheck {

    /**
     * Returns the problems of a page, each with the page, the line and a message.
     *
     * @param page the page
     * @return the problems, empty for a correct page
     */
    List<String> problems(Page page);
}
