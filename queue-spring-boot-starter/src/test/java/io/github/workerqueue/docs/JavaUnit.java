package io.github.workerqueue.docs;

import io.github.workerqueue.docs.Page.Block;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import javax.tools.Diagnostic;

/**
 * A block as a source file. The first line has the hidden code, so line 2 is the first line of the block.
 *
 * @param block the block
 * @param name the name of the file
 * @param source the source
 * @param types the names of the types that the block declares on the top level
 */
record JavaUnit(Block block, String name, String source, Set<String> types) {

    boolean redeclares(JavaUnit other) {
        return !Collections.disjoint(types, other.types);
    }

    String problem(Diagnostic<?> diagnostic) {
        return block.problemAt(diagnostic.getLineNumber() - 1, diagnostic.getMessage(Locale.ENGLISH));
    }
}
