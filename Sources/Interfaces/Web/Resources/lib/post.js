// Posts and reads JSON. A fault of the daemon is thrown as { code, message, remedy }; a daemon that is not there as
// { code: "unreachable" }.

export async function post(url, body) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
    });
  } catch {
    throw { code: "unreachable" };
  }
  const answer = await response.json().catch(() => ({ code: "unreadable" }));
  if (!response.ok) throw answer;
  return answer;
}
