// Exit code 0 when the switch is ready, 1 when it is not: a container's health check, without curl.
const url = process.argv[2] ?? "http://127.0.0.1:12120/readyz";
const answerMsMax = 2_000;

try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) });
  process.exitCode = answer.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
