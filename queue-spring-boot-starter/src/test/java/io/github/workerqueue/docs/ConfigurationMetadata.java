package io.github.workerqueue.docs;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The configuration metadata of the classpath. */
final class ConfigurationMetadata {

    private ConfigurationMetadata() {}

    /** Returns the properties, each as its JSON object. */
    static List<Map<String, Object>> properties() {
        List<Map<String, Object>> properties = new ArrayList<>();
        try {
            for (URL url : Collections.list(ConfigurationMetadata.class
                    .getClassLoader()
                    .getResources("META-INF/spring-configuration-metadata.json"))) {
                try (InputStream metadata = url.openStream()) {
                    properties.addAll(JsonPath.parse(metadata).<List<Map<String, Object>>>read("$.properties"));
                }
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return properties;
    }
}
