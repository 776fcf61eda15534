/** The files and the database do not fit together; the message says what to do. */
export class MigrationError extends Error {}
