/**
 * What the consent page does. It is text, since it runs in the page as it stands.
 *
 * Everything that comes from a client or the fragment is set as `textContent`.
 */
export const consentScript = `
const named = readFragment();
const panels = ['ask', 'consent', 'result'].map((id) => document.getElementById(id));
const [ask, consent, result] = panels;

/** Reads what follows '#?' or '#!?', as the links of plex.tv's clients have it. */
function readFragment() {
  return new URLSearchParams(location.hash.replace(/^#!?\\/?[?]?/, ''));
}

function show(panel, fields) {
  for (const other of panels) other.hidden = other !== panel;
  for (const part of panel.querySelectorAll('[data-field]')) {
    part.textContent = fields[part.dataset.field] || '';
    if (part.classList.contains('warning')) part.hidden = !part.textContent;
  }
  for (const button of panel.querySelectorAll('button')) button.disabled = false;
  (panel.querySelector('input') || panel.querySelector('h1')).focus();
}

/** Asks the emulator; what goes wrong becomes a problem to show. */
async function call(action, code) {
  const body = JSON.stringify({ code, clientID: named.get('clientID'), forwardUrl: named.get('forwardUrl') });
  const headers = { 'Content-Type': 'application/json' };
  try {
    const response = await fetch('/emulator/' + action, { method: 'POST', headers, body });
    return await response.json();
  } catch {
    return { problem: 'The emulator does not answer. Reload the page to try again.' };
  }
}

function present(pin) {
  if (pin.forwardRefused) pin.forwardRefused = 'You will not be sent back. ' + pin.forwardRefused;
  if (pin.problem) return show(result, { title: 'That did not work', text: pin.problem });
  if (pin.state === 'waiting') return show(consent, { ...pin, device: pin.device || 'unnamed' });
  if (pin.state === 'denied') {
    return show(result, { title: 'You declined', text: pin.product + ' was not signed in. You may now close this window.' });
  }
  if (!pin.forwardTo) {
    const text = pin.product + ' is signed in. You may now close this window.';
    return show(result, { title: 'You are all set', text, forwardRefused: pin.forwardRefused });
  }
  show(result, { title: 'You are all set', text: 'Taking you back to ' + new URL(pin.forwardTo).host + ' …' });
  location.assign(pin.forwardTo);
}

async function decide(event) {
  event.preventDefault();
  const form = event.currentTarget;
  for (const button of form.querySelectorAll('button')) button.disabled = true;
  const code = form === ask ? form.elements.code.value : form.querySelector('.code').textContent;
  present(await call(form === ask ? 'pin' : event.submitter.value, code));
}

ask.addEventListener('submit', decide);
consent.addEventListener('submit', decide);
addEventListener('hashchange', () => location.reload());

if (location.pathname.startsWith('/link')) {
  ask.elements.code.value = new URLSearchParams(location.search).get('pin') || '';
  show(ask, {});
} else if (named.get('code')) {
  call('pin', named.get('code')).then(present);
} else {
  present({ problem: 'This link names no code.' });
}
`;
