package io.github.workerqueue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JVM that runs another main class of this classpath. */
record Child(Process process) {

    static Child start(Class<?> main, List<String> options, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new Child(
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
    }

    /** Waits for the end of the JVM and returns its output. */
    String output() throws IOException {
        try (InputStream printed = process.getInputStream()) {
            return new String(printed.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the value in a line {@code name=value}, or NaN. */
    static double figure(String output, String name) {
        Matcher line = Pattern.compile("^" + Pattern.quote(name) + "=(.+)$", Pattern.MULTILINE)
                .matcher(output);
        return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    }
}
