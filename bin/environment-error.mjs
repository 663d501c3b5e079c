/** The machine lacks something that this project cannot bring along. Programs end with exit code 3. */
export class EnvironmentError extends Error {
  /**
   * @param {string} code what is lacking, for programs: "redis_not_found"
   * @param {string} message one line, for a person
   */
  constructor(code, message) {
    super(message);
    this.name = "EnvironmentError";
    this.code = code;
  }
}
