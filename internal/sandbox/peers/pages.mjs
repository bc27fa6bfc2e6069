// npm html-validate on pages: each line is one, the answer is what is wrong with it.
import { HtmlValidate } from 'html-validate';
import { answer } from './lines.mjs';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    'no-trailing-whitespace': 'off', // costs nothing once compressed
    'doctype-style': ['error', { style: 'lowercase' }],
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit', 'reset', 'hidden'] }], // one name, several boxes: a list
    'long-title': 'off', // no matter of validity
  },
});

await answer({
  async validate({ html }) {
    const { results } = await validator.validateString(html);
    return results.flatMap(({ messages }) => messages).map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`);
  },
});
