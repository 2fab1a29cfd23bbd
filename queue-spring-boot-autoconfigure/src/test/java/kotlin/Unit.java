package kotlin;

/** Stands for the class of the same name in Kotlin's library, which the tests do without. */
public final class Unit {

    public static final Unit INSTANCE = new Unit();

    private Unit() {}
}
