/** The code of the error that a promise rejects with; empty when it does not. */
export async function codeOf (promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return ''
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}
