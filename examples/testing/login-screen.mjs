/** A minimal login screen: it writes the view as HTML, and its buttons call the engine. */
export function mountLoginScreen(auth, root) {
  const render = () => {
    root.innerHTML = htmlOf(auth.getSnapshot());
  };
  render();
  return auth.subscribe(render);
}

function htmlOf(view) {
  const hint = view.lastError ? '<p>Trying again …</p>' : '';
  if (view.code)
    return `<p>Your code is <b>${view.code}</b></p><a href="${view.authURL}">Approve at Plex</a>${hint}`;
  switch (view.status) {
    case 'authenticated':
      return '<p>Welcome</p>';
    case 'expired':
      return '<p>The code has expired</p><button>Try again</button>';
    case 'failed':
      return `<p>${view.error.message}</p><button>Try again</button>`;
    default:
      return `<p>One moment …</p>${hint}`;
  }
}
