package io.github.workerqueue.docs;

import io.github.workerqueue.docs.Page.Block;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles the Java blocks of a page for Java 17. All blocks of a page are in one package, so a block sees the types of
 * the blocks before it. A block that declares a type again replaces the block that declared it first.
 */
class JavaBlocks implements DocumentationCheck {

    private static final List<String> OPTIONS = List.of(
            "--release",
            "17",
            "-proc:none",
            "-parameters",
            "-Xlint:deprecation,removal,unchecked,rawtypes",
            "-classpath",
            System.getProperty("java.class.path"));

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

    private final JavaFileManager files = new Discarding(compiler.getStandardFileManager(null, null, null));

    @Override
    public List<String> problems(Page page) {
        Set<String> problems = new LinkedHashSet<>();
        List<JavaUnit> units = new ArrayList<>();
        List<JavaUnit> newUnits = new ArrayList<>();
        JavaUnits of = new JavaUnits(compiler, files);
        for (Block block : page.blocks()) {
            boolean isSetup = block.kind().equals(Page.SETUP);
            if (isSetup || (block.kind().equals("java") && block.runs() && block.file() == null)) {
                JavaUnit unit = isSetup ? of.setup(block) : of.block(block);
                if (units.stream().anyMatch(unit::redeclares)) {
                    problems.addAll(compile(units, newUnits));
                    units.removeIf(unit::redeclares);
                    newUnits.clear();
                }
                units.add(unit);
                newUnits.add(unit);
            }
        }
        problems.addAll(compile(units, newUnits));
        return List.copyOf(problems);
    }

    private List<String> compile(List<JavaUnit> units, List<JavaUnit> newUnits) {
        if (newUnits.isEmpty()) {
            return List.of();
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        compiler.getTask(
                        null,
                        files,
                        diagnostics,
                        OPTIONS,
                        null,
                        units.stream().map(SourceFile::new).toList())
                .call();
        List<String> problems = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            if (diagnostic.getSource() instanceof SourceFile file) {
                if (newUnits.contains(file.unit)) {
                    problems.add(file.unit.problem(diagnostic));
                }
            } else if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                problems.add(diagnostic.getMessage(Locale.ENGLISH));
            }
        }
        return problems;
    }

    /** Source file in memory, which may have any public types. */
    static final class SourceFile extends SimpleJavaFileObject {

        private final JavaUnit unit;

        SourceFile(JavaUnit unit) {
            super(URI.create("string:///page/" + unit.name() + ".java"), Kind.SOURCE);
            this.unit = unit;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == Kind.SOURCE && !simpleName.endsWith("-info");
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return unit.source();
        }
    }

    /** File manager that forgets the class files. */
    private static final class Discarding extends ForwardingJavaFileManager<JavaFileManager> {

        Discarding(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("discarded:///" + className.replace('.', '/')), kind) {

                @Override
                public OutputStream openOutputStream() {
                    return OutputStream.nullOutputStream();
                }
            };
        }
    }
}
