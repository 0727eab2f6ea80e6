/** Compiles each setting with one version of TypeScript before 7, and prints what it complains of in this package. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const [compiler, settingsFile] = process.argv.slice(2);
const { default: ts } = await import(compiler);
const settings = JSON.parse(readFileSync(settingsFile, 'utf8'));
const isOurs = (fileName) => /\/plex-auth-flow\/|\/consumer\//.test(fileName);

/** What several settings read is parsed once for each way of finding modules. */
const parsed = new Map();

function createHost(options) {
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile;
  host.getSourceFile = (fileName, languageVersion, ...rest) => {
    const format = languageVersion?.impliedNodeFormat;
    const key = [options.moduleResolution, format, fileName].join();
    if (!parsed.has(key)) parsed.set(key, parse.call(host, fileName, languageVersion, ...rest));
    return parsed.get(key);
  };
  return host;
}

const complaints = settings.map(({ files, compilerOptions }) => {
  const { options, errors } = ts.convertCompilerOptionsFromJson(compilerOptions, process.cwd());
  const rootNames = files.map((file) => resolve('consumer', file));
  const program = ts.createProgram({ rootNames, options, host: createHost(options) });
  const own = program.getSourceFiles().filter(({ fileName }) => isOurs(fileName));
  const diagnostics = own.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  return [...errors, ...program.getOptionsDiagnostics(), ...diagnostics].map(({ file, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ');
    return file ? `${file.fileName.split('/node_modules/').at(-1)}: ${text}` : text;
  });
});
process.stdout.write(JSON.stringify(complaints));
