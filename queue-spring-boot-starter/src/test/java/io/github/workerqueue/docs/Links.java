package io.github.workerqueue.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/**
 * Checks the links and images of a page. Files and anchors must exist, images need a text alternative, and links into
 * the repository must be relative.
 */
class Links implements DocumentationCheck {

    private static final String REPOSITORY = "https://github.com/workerqueue/queue-spring-boot";

    private static final Pattern SCHEME = Pattern.compile("(https?|mailto):.*");

    private static final Pattern TAG = Pattern.compile("<(img|source|a)\\s([^>]*)>", Pattern.DOTALL);

    private static final Pattern ATTRIBUTE = Pattern.compile("(src|srcset|href|alt|id|name)=\"([^\"]*)\"");

    @Override
    public List<String> problems(Page page) {
        List<String> problems = new ArrayList<>();
        page.document().accept(new AbstractVisitor() {

            @Override
            public void visit(Link link) {
                checkTarget(page, link, link.getDestination(), problems);
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                checkTarget(page, image, image.getDestination(), problems);
                checkAlternative(page, image, text(image), problems);
            }

            @Override
            public void visit(HtmlBlock html) {
                visitHtml(html, html.getLiteral());
            }

            @Override
            public void visit(HtmlInline html) {
                visitHtml(html, html.getLiteral());
            }

            private void visitHtml(Node node, String html) {
                Matcher tag = TAG.matcher(html);
                while (tag.find()) {
                    Map<String, String> attributes = attributes(tag.group(2));
                    for (String attribute : List.of("src", "srcset", "href")) {
                        if (attributes.containsKey(attribute)) {
                            checkTarget(page, node, attributes.get(attribute), problems);
                        }
                    }
                    if (tag.group(1).equals("img")) {
                        checkAlternative(page, node, attributes.getOrDefault("alt", ""), problems);
                    }
                }
            }
        });
        return problems;
    }

    private static Map<String, String> attributes(String tag) {
        Map<String, String> attributes = new HashMap<>();
        ATTRIBUTE.matcher(tag).results().forEach(match -> attributes.put(match.group(1), match.group(2)));
        return attributes;
    }

    private static void checkAlternative(Page page, Node node, String alternative, List<String> problems) {
        if (alternative.isBlank()) {
            problems.add(page.problem(Page.line(node), "image without a text alternative"));
        }
    }

    private static void checkTarget(Page page, Node node, String target, List<String> problems) {
        if (target.startsWith(REPOSITORY + "/blob") || target.startsWith(REPOSITORY + "/tree")) {
            problems.add(page.problem(Page.line(node), "link into the repository must be relative: " + target));
        } else if (!SCHEME.matcher(target).matches()) {
            String[] parts = target.split("#", 2);
            Path file = parts[0].isEmpty()
                    ? page.path()
                    : page.path().resolveSibling(parts[0]).normalize();
            if (parts[0].startsWith("/") || (!parts[0].isEmpty() && !Files.exists(file))) {
                problems.add(page.problem(Page.line(node), "link to a missing file: " + target));
            } else if (parts.length == 2 && file.toString().endsWith(".md")) {
                Page other = parts[0].isEmpty() ? page : Page.read(file, parts[0]);
                if (!anchors(other).contains(parts[1])) {
                    problems.add(page.problem(Page.line(node), "link to a missing anchor: " + target));
                }
            }
        }
    }

    /** Returns the anchors that GitHub gives to the headings, and the explicit ones. */
    private static Set<String> anchors(Page page) {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> counts = new HashMap<>();
        page.document().accept(new AbstractVisitor() {

            @Override
            public void visit(Heading heading) {
                String slug = slug(text(heading));
                int count = counts.merge(slug, 1, Integer::sum);
                anchors.add(count == 1 ? slug : slug + "-" + (count - 1));
                visitChildren(heading);
            }

            @Override
            public void visit(HtmlInline html) {
                addIds(html.getLiteral());
            }

            @Override
            public void visit(HtmlBlock html) {
                addIds(html.getLiteral());
            }

            private void addIds(String html) {
                TAG.matcher(html).results().forEach(tag -> {
                    Map<String, String> attributes = attributes(tag.group(2));
                    if (tag.group(1).equals("a")) {
                        anchors.add(attributes.getOrDefault("id", ""));
                        anchors.add(attributes.getOrDefault("name", ""));
                    }
                });
            }
        });
        return anchors;
    }

    private static String slug(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ENGLISH)
                .replaceAll("[^\\p{L}\\p{M}\\p{Nd}\\p{Pc} -]", "")
                .replace(' ', '-');
    }

    static String text(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {

            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak part) {
                text.append(' ');
            }
        });
        return text.toString();
    }
}
