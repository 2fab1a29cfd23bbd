package io.github.workerqueue.docs;

import io.github.workerqueue.docs.Page.Block;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Compares the dependencies in the XML and Gradle blocks of a page with those of this module. A dependency has a
 * version if and only if Spring Boot does not manage it.
 */
class CoordinateBlocks implements DocumentationCheck {

    private static final String PROJECT = "io.github.workerqueue";

    private static final Pattern GRADLE = Pattern.compile("['\"]([\\w.-]+):([\\w.-]+)(?::([\\w.-]+))?['\"]");

    private static final Pattern JAR = Pattern.compile("(.*/([^/]+))/([^/]+)/\\2-\\3\\.jar");

    private static final Pattern DECLARATION = Pattern.compile("\\s*<\\?xml.*?\\?>");

    /** The versions on the classpath by {@code /group/artifact}, for example {@code /com/h2database/h2}. */
    private final Map<String, String> versions = new HashMap<>();

    private final Element root = parse(read(Path.of("../pom.xml")));

    private final List<Dependency> own = Dependency.of(parse(read(Path.of("pom.xml"))));

    CoordinateBlocks() {
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(entry -> JAR.matcher(entry.replace('\\', '/')))
                .filter(Matcher::matches)
                .forEach(matcher -> versions.put(matcher.group(1), matcher.group(3)));
    }

    @Override
    public List<String> problems(Page page) {
        List<String> problems = new ArrayList<>();
        for (Block block : page.blocks("xml")) {
            if (block.runs()) {
                try {
                    Element element = parse(DECLARATION.matcher(block.code()).replaceFirst(""));
                    Dependency.of(element).forEach(dependency -> check(block, dependency, problems));
                    checkParent(block, element, problems);
                } catch (IllegalArgumentException ex) {
                    problems.add(block.problem(String.valueOf(ex.getMessage())));
                }
            }
        }
        for (Block block : page.blocks("groovy")) {
            if (block.runs()) {
                GRADLE.matcher(block.code())
                        .results()
                        .map(match -> new Dependency(match.group(1), match.group(2), match.group(3)))
                        .forEach(dependency -> check(block, dependency, problems));
            }
        }
        return problems;
    }

    private void check(Block block, Dependency dependency, List<String> problems) {
        String expected = dependency.groupId().equals(PROJECT)
                ? versionOfProject(dependency.artifactId())
                : versionOnClasspath(dependency);
        if (expected == null) {
            problems.add(block.problem("unknown dependency " + dependency));
        } else if (dependency.version() == null) {
            if (dependency.groupId().equals(PROJECT) || isUnmanaged(dependency)) {
                problems.add(block.problem("missing version of " + dependency));
            }
        } else if (!dependency.version().equals(expected)) {
            problems.add(block.problem("version of " + dependency + " must be " + expected));
        }
    }

    private @Nullable String versionOfProject(String artifactId) {
        return Files.exists(Path.of("..", artifactId, "pom.xml")) ? child(root, "version") : null;
    }

    private @Nullable String versionOnClasspath(Dependency dependency) {
        String path = "/" + dependency.groupId().replace('.', '/') + "/" + dependency.artifactId();
        return versions.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(path))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private boolean isUnmanaged(Dependency dependency) {
        return own.stream()
                .anyMatch(candidate -> candidate.version() != null
                        && candidate.groupId().equals(dependency.groupId())
                        && candidate.artifactId().equals(dependency.artifactId()));
    }

    private void checkParent(Block block, Element element, List<String> problems) {
        NodeList parents = element.getElementsByTagName("parent");
        for (int i = 0; i < parents.getLength(); i++) {
            String expected =
                    root.getElementsByTagName("spring-boot.version").item(0).getTextContent();
            if (!expected.equals(child((Element) parents.item(i), "version"))) {
                problems.add(block.problem("version of the parent must be " + expected));
            }
        }
    }

    /** Parses a POM, or parts of one. */
    private static Element parse(String xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            String source = DECLARATION.matcher(xml).replaceFirst("");
            Document document = factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader("<parts>" + source + "</parts>")));
            NodeList projects = document.getElementsByTagName("project");
            return projects.getLength() == 1 ? (Element) projects.item(0) : document.getDocumentElement();
        } catch (SAXException ex) {
            throw new IllegalArgumentException(ex.getMessage(), ex);
        } catch (ParserConfigurationException | IOException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static @Nullable String child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(name)) {
                return node.getTextContent().strip();
            }
        }
        return null;
    }

    /**
     * A dependency.
     *
     * @param groupId the group
     * @param artifactId the artifact
     * @param version the version; null without one
     */
    private record Dependency(
            String groupId, String artifactId, @Nullable String version) {

        static List<Dependency> of(Element element) {
            List<Dependency> dependencies = new ArrayList<>();
            NodeList elements = element.getElementsByTagName("dependency");
            for (int i = 0; i < elements.getLength(); i++) {
                Element dependency = (Element) elements.item(i);
                dependencies.add(new Dependency(
                        String.valueOf(child(dependency, "groupId")),
                        String.valueOf(child(dependency, "artifactId")),
                        child(dependency, "version")));
            }
            return dependencies;
        }

        @Override
        public String toString() {
            return groupId + ":" + artifactId;
        }
    }
}
