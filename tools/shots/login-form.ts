/** A login form as people have it, for the pictures of `look="button"`. */
export const loginForm = `
<style>
  #login { box-sizing: border-box; width: min(100%, 24rem); margin: 0 auto; padding: 24px; border-radius: 12px; background: light-dark(#fff, #1b1d22); color: light-dark(#17181c, #f3f4f6); font: 15px system-ui, sans-serif; box-shadow: 0 1px 3px #0003 }
  #login h1 { margin: 0 0 16px; font-size: 18px }
  #login label { display: block; margin-bottom: 12px }
  #login i { display: block; height: 42px; margin-top: 4px; border: 1px solid light-dark(#c9c9d1, #4a4e5a); border-radius: 8px }
  #login b { display: grid; place-content: center; height: 44px; border-radius: 8px; background: light-dark(#222, #eee); color: light-dark(#fff, #111) }
  #login p { margin: 12px 0; text-align: center; color: light-dark(#667, #aab) }
  #login b.other { margin-bottom: 12px; background: none; border: 1px solid light-dark(#c9c9d1, #4a4e5a); box-sizing: border-box; color: inherit }
</style>
<div id="login"><h1>Sign in to Moviebox</h1><label>Email<i></i></label><label>Password<i></i></label><b>Sign in</b><p>or</p>
<b class="other">Continue with Google</b><div id="slot"></div></div>`;
