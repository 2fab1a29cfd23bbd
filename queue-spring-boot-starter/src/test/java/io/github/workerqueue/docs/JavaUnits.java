package io.github.workerqueue.docs;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import io.github.workerqueue.docs.JavaBlocks.SourceFile;
import io.github.workerqueue.docs.Page.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/**
 * Makes source files of the blocks of a page. A block has types, members of a class, or statements, after its imports.
 * The parser decides. Members and statements inherit the members of the comments before them, which have hidden code.
 */
class JavaUnits {

    private static final String PREAMBLE = "package page; import shop.*; ";

    /** The imports at the beginning, with the comments and empty lines between them. */
    private static final Pattern IMPORTS = Pattern.compile("(?:\\s*(?://.*|import [^;]+;))*\\s*");

    private static final Pattern PACKAGE = Pattern.compile("\\s*package [\\w.]+;");

    private final JavaCompiler compiler;

    private final JavaFileManager files;

    /** The class with the members of the last comment. */
    private String parent = "Object";

    private String importsOfSetups = "";

    JavaUnits(JavaCompiler compiler, JavaFileManager files) {
        this.compiler = compiler;
        this.files = files;
    }

    JavaUnit block(Block block) {
        if (PACKAGE.matcher(block.code()).lookingAt()) {
            return parsed(block, "Block", "\n" + block.code()).unit();
        }
        Parsed types = types(block, "Block");
        if (types.isTypes()) {
            return types.unit();
        }
        Parsed statements = wrapped(block, "Block", "void code() throws Exception { ", " }");
        if (statements.isStatements()) {
            return statements.returnsValue()
                    ? wrapped(block, "Block", "Object code() throws Exception { ", " }")
                            .unit()
                    : statements.unit();
        }
        Parsed members = wrapped(block, "Block", "", "");
        return members.isCorrect()
                ? members.unit()
                : Stream.of(types, statements, members)
                        .max(Comparator.comparing(Parsed::lineOfError))
                        .orElseThrow()
                        .unit();
    }

    /** Makes a source file of a comment, whose types or members the following blocks see. */
    JavaUnit setup(Block block) {
        Parsed types = types(block, "Setup");
        if (types.isTypes()) {
            return types.unit();
        }
        JavaUnit members = wrapped(block, "Setup", "", "").unit();
        parent = members.name();
        importsOfSetups += imports(block).replaceAll("//.*", "").replace('\n', ' ');
        return members;
    }

    private Parsed types(Block block, String prefix) {
        return parsed(block, prefix, PREAMBLE + "\n" + block.code());
    }

    private Parsed wrapped(Block block, String prefix, String before, String after) {
        String imports = imports(block);
        String rest = block.code().substring(imports.length());
        return parsed(
                block,
                prefix,
                PREAMBLE + importsOfSetups + "\n" + imports
                        + "abstract class %s extends %s { ".formatted(name(block, prefix), parent)
                        + before + rest + after + " }");
    }

    private static String imports(Block block) {
        Matcher matcher = IMPORTS.matcher(block.code());
        return matcher.lookingAt() ? matcher.group() : "";
    }

    private static String name(Block block, String prefix) {
        return prefix + block.line();
    }

    private Parsed parsed(Block block, String prefix, String source) {
        JavaUnit unit = new JavaUnit(block, name(block, prefix), source, Set.of());
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        JavacTask task = (JavacTask) compiler.getTask(
                null, files, diagnostics, List.of("--release", "17"), null, List.of(new SourceFile(unit)));
        try {
            CompilationUnitTree tree = task.parse().iterator().next();
            return new Parsed(
                    unit,
                    tree,
                    diagnostics.getDiagnostics().stream()
                            .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                            .findFirst()
                            .orElse(null));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * A source file and its syntax tree.
     *
     * @param source the source file
     * @param tree the syntax tree
     * @param error the first syntax error; null if there is none
     */
    private record Parsed(
            JavaUnit source,
            CompilationUnitTree tree,
            @Nullable Diagnostic<?> error) {

        boolean isCorrect() {
            return error == null;
        }

        long lineOfError() {
            return Objects.requireNonNull(error).getLineNumber();
        }

        boolean isTypes() {
            return isCorrect() && tree.getTypeDecls().stream().allMatch(ClassTree.class::isInstance);
        }

        /** Fields without a value would be statements, too. */
        boolean isStatements() {
            return isCorrect()
                    && method().getBody().getStatements().stream().anyMatch(statement -> !isDeclaration(statement));
        }

        private static boolean isDeclaration(StatementTree statement) {
            return statement instanceof ClassTree
                    || (statement instanceof VariableTree variable && variable.getInitializer() == null);
        }

        boolean returnsValue() {
            ValueScanner scanner = new ValueScanner();
            scanner.scan(method().getBody(), null);
            return scanner.found;
        }

        private MethodTree method() {
            return ((ClassTree) tree.getTypeDecls().get(0))
                    .getMembers().stream()
                            .filter(MethodTree.class::isInstance)
                            .map(MethodTree.class::cast)
                            .findFirst()
                            .orElseThrow();
        }

        JavaUnit unit() {
            Set<String> types = tree.getTypeDecls().stream()
                    .filter(ClassTree.class::isInstance)
                    .map(type -> ((ClassTree) type).getSimpleName().toString())
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            return new JavaUnit(source.block(), source.name(), source.source(), types);
        }
    }

    /** Finds a return statement with a value outside of lambda expressions and classes. */
    private static final class ValueScanner extends TreeScanner<@Nullable Void, @Nullable Void> {

        private boolean found;

        @Override
        public @Nullable Void visitReturn(ReturnTree tree, @Nullable Void unused) {
            found |= tree.getExpression() != null;
            return null;
        }

        @Override
        public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void unused) {
            return null;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void unused) {
            return null;
        }
    }
}
