package sample.ladder;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** Reads a ladder over HTTP with a bounded worker queue. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class LadderApplication {

    public static void main(String[] args) {
        ConfigurableApplicationContext context = SpringApplication.run(LadderApplication.class, args);
        if (context.getEnvironment().getProperty("sample.exit-after-run", Boolean.class, false)) {
            System.exit(SpringApplication.exit(context));
        }
    }
}
