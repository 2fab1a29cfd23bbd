package sample.ladder;

/** What a job did; its text is printed. */
interface Summary {

    /** Whether the job did what it should. */
    boolean complete();
}
