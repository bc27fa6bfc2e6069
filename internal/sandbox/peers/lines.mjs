// The peers speak lines of JSON: a question in, an answer out.
import readline from 'node:readline';

export const config = JSON.parse(process.env.PEER_CONFIG);

// oidc-provider warns about being a development server; that is what it is here.
console.warn = () => {};

export const say = (value) => process.stdout.write(JSON.stringify(value) + '\n');

// answer runs a function for each question; its error is an answer too.
export const answer = async (functions) => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { call, ...args } = JSON.parse(line);
    try {
      say({ ok: await functions[call](args) });
    } catch (error) {
      say({ error: error.error ?? error.code ?? error.name, status: error.status, message: error.message });
    }
  }
};
