package sample.demo;

/** Summary of a job. Its text is printed. */
interface Summary {

    /** Returns true if no result is missing and not too many calls failed. */
    boolean complete();
}
