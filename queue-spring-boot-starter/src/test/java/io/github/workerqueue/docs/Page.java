package io.github.workerqueue.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * A page of the documentation.
 *
 * @param path the file, relative to the folder of the module
 * @param name the name in messages
 * @param document the parsed Markdown
 */
record Page(Path path, String name, Node document) {

    /** Kind of a block without a language, which is a mistake. */
    static final String NO_LANGUAGE = "";

    /** Kind of a comment with hidden Java code. */
    static final String SETUP = "java: setup";

    private static final Path ROOT = Path.of("..");

    private static final Path DOCS = Path.of("docs");

    private static final Pattern COMMENT = Pattern.compile("<!--\\s*([\\w: ]+?):\\s*(.*?)\\s*-->\\s*", Pattern.DOTALL);

    private static final Pattern SETUP_COMMENT = Pattern.compile("<!-- java: setup\\R(.*?)-->\\s*", Pattern.DOTALL);

    /**
     * A code block of a page, or a comment with hidden code.
     *
     * @param page the page
     * @param kind the language, or {@link #SETUP}
     * @param line the line of the first line of the code, from 1
     * @param code the code
     * @param markers the texts of the comments on the lines before the block, by their names
     */
    record Block(Page page, String kind, int line, String code, Map<String, String> markers) {

        boolean runs() {
            return notRun() == null;
        }

        /** Returns the reason not to run the block, or null for a block that runs. */
        @Nullable
        String notRun() {
            return markers.get("not run");
        }

        /** Returns the file of the tutorial that the block shows, or null for another block. */
        @Nullable
        String file() {
            return markers.get("file");
        }

        String problem(String message) {
            return problemAt(1, message);
        }

        /**
         * Formats a problem.
         *
         * @param lineOfCode the line within the code, from 1
         * @param message the message
         * @return the problem
         */
        String problemAt(long lineOfCode, String message) {
            return page.problem(line + lineOfCode - 1, message);
        }
    }

    /** Returns README.md of the root and all pages of the documentation. */
    static List<Page> all() {
        List<Page> pages = new ArrayList<>(List.of(readme()));
        try (var files = Files.walk(DOCS)) {
            files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .forEach(file -> pages.add(read(file, DOCS.relativize(file).toString())));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return pages;
    }

    static Page readme() {
        return read(ROOT.resolve("README.md"), "../README.md");
    }

    /** Returns the other documents of the repository. */
    static List<Page> others() {
        List<Page> pages = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("queue-spring-boot-autoconfigure"))) {
            try (var files = Files.newDirectoryStream(folder, "*.md")) {
                files.forEach(file -> pages.add(read(file, ROOT.relativize(file).toString())));
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
        pages.removeIf(page -> page.name().equals("README.md"));
        return pages;
    }

    static Page read(Path file, String name) {
        try {
            return parse(file, name, Files.readString(file));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    static Page parse(Path file, String name, String text) {
        Node document = Parser.builder()
                .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
                .build()
                .parse(text);
        return new Page(file, name, document);
    }

    String problem(long line, String message) {
        return "%s:%d: %s".formatted(name, line, message);
    }

    /** Returns the line at which a node begins, from 1. */
    static int line(Node node) {
        return node.getSourceSpans().isEmpty() && node.getParent() != null
                ? line(node.getParent())
                : node.getSourceSpans().get(0).getLineIndex() + 1;
    }

    List<Block> blocks(String kind) {
        return blocks().stream().filter(block -> block.kind().equals(kind)).toList();
    }

    /** Returns the lines of the code blocks without a closing fence, which would hide the rest of the page. */
    List<Integer> unclosedBlocks() {
        List<Integer> lines = new ArrayList<>();
        document.accept(new AbstractVisitor() {

            @Override
            public void visit(FencedCodeBlock block) {
                if (block.getClosingFenceLength() == null) {
                    lines.add(line(block));
                }
            }
        });
        return lines;
    }

    /** Returns the code blocks and the comments with hidden code, in the order of the page. */
    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        document.accept(new AbstractVisitor() {

            @Override
            public void visit(FencedCodeBlock block) {
                add(block, Optional.ofNullable(block.getInfo()).orElse(NO_LANGUAGE), block.getLiteral());
            }

            @Override
            public void visit(IndentedCodeBlock block) {
                add(block, NO_LANGUAGE, block.getLiteral());
            }

            @Override
            public void visit(HtmlBlock block) {
                Matcher matcher = SETUP_COMMENT.matcher(block.getLiteral());
                if (matcher.matches()) {
                    add(block, SETUP, matcher.group(1));
                }
            }

            private void add(Node node, String kind, String code) {
                blocks.add(new Block(Page.this, kind, line(node) + 1, code, markers(node)));
            }
        });
        return blocks;
    }

    /** Returns the markers of a block. Of two with the same name, the one next to the block counts. */
    private static Map<String, String> markers(Node block) {
        Map<String, String> markers = new HashMap<>();
        for (Node node = block.getPrevious(); node instanceof HtmlBlock html; node = node.getPrevious()) {
            Matcher matcher = COMMENT.matcher(html.getLiteral());
            if (matcher.matches()) {
                markers.putIfAbsent(matcher.group(1), matcher.group(2));
            }
        }
        return markers;
    }

    @Override
    public String toString() {
        return name;
    }
}
