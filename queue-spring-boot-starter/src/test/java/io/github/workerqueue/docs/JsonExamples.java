package io.github.workerqueue.docs;

import com.jayway.jsonpath.JsonPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** JSON of an example response in the documentation, and the fields of JSON. */
final class JsonExamples {

    private JsonExamples() {}

    /** Returns the JSON block of a page whose marker has the name of a response. */
    static String read(Path file, String name, String response) {
        return Page.read(file, name).blocks("json").stream()
                .filter(block -> response.equals(block.markers().get("response")))
                .map(block -> block.code().strip())
                .findFirst()
                .orElseThrow();
    }

    /** Returns the paths of all fields, without the positions in arrays. */
    static Set<String> paths(String json) {
        Set<String> paths = new TreeSet<>();
        collect("", JsonPath.parse(json).read("$"), paths);
        return paths;
    }

    private static void collect(String path, Object value, Set<String> paths) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, field) -> collect(path + "." + key, field, paths));
        } else if (value instanceof List<?> list) {
            list.forEach(element -> collect(path + "[]", element, paths));
        } else {
            paths.add(path);
        }
    }
}
