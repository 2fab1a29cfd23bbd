package io.github.workerqueue.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;

/**
 * Checks the names in the text of a page that begin with {@code queue}: each is a key of the configuration or a meter
 * of the reference, whose table is compared with a scrape.
 */
class QueueNames implements DocumentationCheck {

    /** The observation, its key value, and the name of a bean. */
    private static final Set<String> OTHERS = Set.of("queue.task", "queue.name", "queue.instances.prices.executor");

    private static final Pattern NAME = Pattern.compile("queue(\\.[a-z<][a-z0-9<>-]*)+(\\.\\*)?");

    private static final Pattern METER = Pattern.compile("(?m)^\\| `(queue\\.[a-z.]+)`");

    private final ConfigurationBlocks configuration;

    private final Set<String> meters = meters();

    QueueNames(ConfigurationBlocks configuration) {
        this.configuration = configuration;
    }

    @Override
    public List<String> problems(Page page) {
        List<String> problems = new ArrayList<>();
        page.document().accept(new AbstractVisitor() {

            @Override
            public void visit(Code code) {
                String name = code.getLiteral();
                if (NAME.matcher(name).matches() && !isKnown(name.replace(".*", ""))) {
                    problems.add(page.problem(Page.line(code), "unknown key or meter " + name));
                }
            }
        });
        return problems;
    }

    private boolean isKnown(String name) {
        return OTHERS.contains(name)
                || meters.contains(name)
                || configuration.isKnownOrGroup(name.replace("<name>", "prices"));
    }

    private static Set<String> meters() {
        try {
            Set<String> meters = new TreeSet<>();
            Matcher matcher = METER.matcher(Files.readString(Path.of("docs/reference/meters.md")));
            while (matcher.find()) {
                meters.add(matcher.group(1));
            }
            return meters;
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
