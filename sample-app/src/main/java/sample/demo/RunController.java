package sample.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import sample.demo.InvalidRunException.Violation;
import tools.jackson.databind.JsonNode;

/** JSON of the sample's page: starts, lists and cancels runs. */
@RestController
@RequestMapping("/runs")
class RunController {

    private final Runs runs;

    private final RunForm form;

    private final RunLauncher launcher;

    RunController(Runs runs, RunForm form, RunLauncher launcher) {
        this.runs = runs;
        this.form = form;
        this.launcher = launcher;
    }

    /**
     * The last runs.
     *
     * @param active true while no run can start
     * @param jobs possible jobs, beginning with the default job
     * @param runs runs, the newest first
     */
    record RunList(boolean active, List<RunForm.Rules> jobs, List<RunView> runs) {}

    /** Body of an error response. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Problem(String message, @Nullable List<Violation> violations) {}

    @GetMapping
    RunList list() {
        return new RunList(
                runs.isActive(),
                form.rules(),
                runs.newestFirst().stream().map(Run::view).toList());
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<RunView> start(@RequestBody JsonNode settings) {
        RunView run = launcher.launch(form.parse(settings)).view();
        return ResponseEntity.created(URI.create("/runs/" + run.id())).body(run);
    }

    @GetMapping("/{id}")
    ResponseEntity<RunView> run(@PathVariable int id) {
        return ResponseEntity.of(runs.find(id).map(Run::view));
    }

    /** Cancels a run. The response is that of the run, which ends soon afterwards. */
    @DeleteMapping("/{id}")
    ResponseEntity<Object> cancel(@PathVariable int id) {
        Run run = runs.find(id).orElse(null);
        if (run == null) {
            return ResponseEntity.notFound().build();
        }
        return run.cancel()
                ? ResponseEntity.accepted().body(run.view())
                : ResponseEntity.status(HttpStatus.CONFLICT)
                        .body(new Problem("Run " + id + " has already ended", null));
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    Problem invalid(InvalidRunException ex) {
        return new Problem("The settings of the run are invalid", ex.violations());
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.CONFLICT)
    Problem active(RunActiveException ex) {
        return new Problem(String.valueOf(ex.getMessage()), null);
    }
}
