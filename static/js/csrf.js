/**
 * The token by which Django knows that a request comes from its own page. The cookie has the present one: a form's
 * own is out of date once somebody has signed in again in another tab.
 */
export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : (document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
}
