/**
 * The script of the consent page. It is text, because it runs in the page as it is.
 *
 * Everything that comes from a client or the fragment is written as `textContent`.
 */
export const consentScript = `
const parameters = readFragment();
const panels = ['ask', 'consent', 'result'].map((id) => document.getElementById(id));
const [ask, consent, result] = panels;
const [page] = /(auth|link)\\/?$/.exec(location.pathname) || [''];
const isLinkPage = page.startsWith('link');
/** The emulator's root, which need not be the site's: the page may end in a slash. */
const root = page.endsWith('/') ? '../' : '';

/** Reads the parameters after '#?' or '#!?'; clients of plex.tv use both. */
function readFragment() {
  return new URLSearchParams(location.hash.replace(/^#!?\\/?[?]?/, ''));
}

function showPanel(panel, fields) {
  for (const other of panels) other.hidden = other !== panel;
  for (const part of panel.querySelectorAll('[data-field]')) {
    part.textContent = fields[part.dataset.field] || '';
    if (part.classList.contains('warning')) part.hidden = !part.textContent;
  }
  for (const button of panel.querySelectorAll('button')) button.disabled = false;
  result.dataset.tone = fields.tone || '';
  (panel.querySelector('input') || panel.querySelector('h1')).focus();
}

/** Shows the form with what was typed, and what is wrong with it. */
function askAgain(problem) {
  const input = ask.elements.code;
  showPanel(ask, { problem });
  input.setAttribute('aria-invalid', 'true');
  input.select();
}

function clearProblem() {
  ask.elements.code.removeAttribute('aria-invalid');
  ask.querySelector('.problem').hidden = true;
}

/** Sends a request to the emulator. A failure becomes a problem to show. */
async function send(action, code) {
  const { person } = consent.elements;
  const body = JSON.stringify({
    code, clientID: parameters.get('clientID'), forwardUrl: parameters.get('forwardUrl'),
    page: isLinkPage ? 'link' : 'auth', as: person ? person.value : '',
  });
  const headers = { 'Content-Type': 'application/json' };
  try {
    const response = await fetch(root + 'emulator/' + action, { method: 'POST', headers, body });
    return await response.json();
  } catch {
    return { problem: 'The emulator does not answer. ' + (isLinkPage ? 'Try again.' : 'Reload the page to try again.') };
  }
}

function showPin(pin) {
  if (pin.forwardRefused) pin.forwardRefused = 'You will not be sent back. ' + pin.forwardRefused;
  if (pin.problem && isLinkPage) return askAgain(pin.problem);
  if (pin.problem) return showPanel(result, { title: 'That did not work', text: pin.problem });
  if (pin.state === 'waiting') return showPanel(consent, { ...pin, device: pin.device || 'unnamed' });
  if (pin.state === 'denied') {
    return showPanel(result, { tone: 'rest', title: 'You declined', text: pin.product + ' was not signed in. You may now close this window.' });
  }
  if (!pin.forwardTo) {
    const who = consent.elements.person ? ' as ' + pin.person : '';
    const text = pin.product + ' is signed in' + who + '. You may now close this window.';
    return showPanel(result, { tone: 'good', title: 'You are all set', text, forwardRefused: pin.forwardRefused });
  }
  showPanel(result, { tone: 'good', title: 'You are all set', text: 'Taking you back to ' + new URL(pin.forwardTo).host + ' …' });
  location.assign(pin.forwardTo);
}

async function submitForm(event) {
  event.preventDefault();
  clearProblem();
  const form = event.currentTarget;
  for (const button of form.querySelectorAll('button')) button.disabled = true;
  const code = form === ask ? form.elements.code.value : form.querySelector('.code').textContent;
  showPin(await send(form === ask ? 'pin' : event.submitter.value, code));
}

ask.addEventListener('submit', submitForm);
ask.addEventListener('input', clearProblem);
consent.addEventListener('submit', submitForm);
addEventListener('hashchange', () => location.reload());

if (isLinkPage) {
  ask.elements.code.value = new URLSearchParams(location.search).get('pin') || '';
  showPanel(ask, {});
} else if (parameters.get('code')) {
  send('pin', parameters.get('code')).then(showPin);
} else {
  showPin({ problem: 'This link names no code.' });
}
`;
