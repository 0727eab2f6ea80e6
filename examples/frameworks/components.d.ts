/** The types of compiled Vue and Svelte files. */
declare module '*.vue' {
  const SignIn: import('vue').Component<{ auth: import('plex-auth-flow/browser').BrowserPlexAuth }>;
  export default SignIn;
}
declare module '*.svelte' {
  const SignIn: import('svelte').Component<{ auth: import('plex-auth-flow/browser').BrowserPlexAuth }>;
  export default SignIn;
}
