/**
 * The program that an execution environment runs: it loads the handler as Lambda's Node.js runtime does, takes one
 * event at a time over IPC and reports over file descriptor 3, one JSON document a line (see `Frame`).
 *
 * It is text, not a module, so that it can be written to disk and started whatever the cloud itself runs from
 * (TypeScript sources or one bundle). Plain ESM; no back-ticks and no dollar-brace inside.
 *
 * Reports are written synchronously, so that what a handler logged arrives before its result and survives its exit.
 */
export const BOOTSTRAP = String.raw`
import fs from 'node:fs';
import path from 'node:path';
import util from 'node:util';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const memoryLimitMb = Number(process.argv[2]);
const env = process.env;
const json = env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const lowest = json ? Math.max(0, LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL || 'TRACE')) : 0;
const noCallbacks = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV || '')?.[1]) >= 24;
const realExit = process.exit.bind(process);
const flushers = [];
let requestId;
let finish;
let onIdle;

function flush() {
  for (const each of flushers) each();
}
process.on('exit', flush);

function report(frame) {
  const bytes = Buffer.from(JSON.stringify(frame) + '\n');
  let written = 0;
  while (written < bytes.length) {
    try {
      written += fs.writeSync(3, bytes, written);
    } catch (error) {
      if (error.code !== 'EAGAIN') process.exit(1);
    }
  }
}

// ---- memory and the end of the cloud ------------------------------------------------------------------------------
// The cloud's watcher sees to both. Without /proc it cannot see the memory: there a thread of its own does, because a
// handler that computes blocks this one.
const WATCH = [
  "const { workerData } = require('node:worker_threads');",
  "const sleep = new Int32Array(new SharedArrayBuffer(4));",
  "for (;;) {",
  "  Atomics.wait(sleep, 0, 0, 100);",
  "  const mb = Math.ceil(process.memoryUsage.rss() / 1048576);",
  "  if (mb > workerData.peak[0]) workerData.peak[0] = mb;",
  "  if (mb > workerData.limit) process.kill(process.pid, 'SIGKILL');",
  "}",
].join('\n');
const peak = new Int32Array(new SharedArrayBuffer(4));
const linux = fs.existsSync('/proc/self/statm');
function memoryUsedMb() {
  let used = process.memoryUsage.rss();
  if (linux) {
    const pages = fs.readFileSync('/proc/self/statm', 'latin1').split(' ');
    used = (Number(pages[1]) - Number(pages[2])) * 4096;
  }
  const mb = Math.ceil(used / 1048576);
  if (mb > peak[0]) peak[0] = mb;
  return peak[0];
}
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

// ---- logs -----------------------------------------------------------------------------------------------------------
function errorDetail(error) {
  if (!util.types.isNativeError(error) && !(error instanceof Error)) return undefined;
  return { errorType: error.name, errorMessage: error.message, stack: String(error.stack || '').split('\n') };
}

function logLine(level, args) {
  if (LEVELS.indexOf(level) < lowest) return;
  const time = new Date().toISOString();
  if (!json) {
    const text = time + '\t' + requestId + '\t' + level + '\t' + util.format(...args);
    return report({ type: 'log', line: text.replaceAll('\n', '\r') });
  }
  const error = args.find((arg) => arg instanceof Error);
  const detail = error && errorDetail(error);
  const single = args.length === 1 && typeof args[0] === 'object' && args[0] !== null && !error ? args[0] : undefined;
  const entry = { timestamp: time, level, requestId, message: single === undefined ? util.format(...args) : single };
  if (detail) Object.assign(entry, { errorType: detail.errorType, errorMessage: detail.errorMessage, stackTrace: detail.stack.slice(1).map((part) => part.trim()) });
  let line;
  try {
    line = JSON.stringify(entry);
  } catch {
    line = JSON.stringify({ ...entry, message: util.format(...args) });
  }
  report({ type: 'log', line });
}

for (const [method, level] of [['trace', 'TRACE'], ['debug', 'DEBUG'], ['log', 'INFO'], ['info', 'INFO'], ['warn', 'WARN'], ['error', 'ERROR']])
  console[method] = (...args) => logLine(level, args);
console.fatal = (...args) => logLine('FATAL', args);

for (const stream of [process.stdout, process.stderr]) {
  let rest = '';
  stream.write = (chunk, encoding, done) => {
    rest += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const lines = rest.split('\n');
    rest = lines.pop();
    for (const line of lines) report({ type: 'log', line });
    const after = typeof encoding === 'function' ? encoding : done;
    if (after) process.nextTick(after);
    return true;
  };
  flushers.push(() => {
    if (rest !== '') report({ type: 'log', line: rest });
    rest = '';
  });
}

function logError(title, detail) {
  if (json) {
    report({ type: 'log', line: JSON.stringify({ timestamp: new Date().toISOString(), level: 'ERROR', requestId, message: { errorType: detail.errorType, errorMessage: detail.errorMessage, stackTrace: detail.trace } }) });
  } else {
    const text = JSON.stringify({ errorType: detail.errorType, errorMessage: detail.errorMessage, ...detail.extra, stack: detail.trace });
    report({ type: 'log', line: new Date().toISOString() + '\t' + requestId + '\tERROR\t' + title + ' \t' + text });
  }
}

// ---- failures ---------------------------------------------------------------------------------------------------------
function toFailure(error) {
  const detail = errorDetail(error);
  if (detail) return { errorType: detail.errorType, errorMessage: detail.errorMessage, trace: detail.stack };
  return { errorType: typeof error, errorMessage: typeof error === 'string' ? error : String(error), trace: [] };
}

function bare(failure) {
  return { errorType: failure.errorType, errorMessage: failure.errorMessage, trace: failure.trace };
}

function die(title, failure, code) {
  logError(title, failure);
  flush();
  report({ type: requestId === undefined ? 'init-error' : 'done', error: bare(failure), memory: memoryUsedMb(), fatal: true });
  realExit(code);
}

process.on('uncaughtException', (error) => die('Uncaught Exception', toFailure(error), 129));
process.on('unhandledRejection', (reason) => {
  const cause = toFailure(reason);
  const failure = { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: (reason instanceof Error ? reason.name + ': ' : '') + cause.errorMessage };
  failure.trace = [failure.errorType + ': ' + failure.errorMessage, ...cause.trace.slice(1)];
  failure.extra = { reason: cause };
  die('Unhandled Promise Rejection', failure, 128);
});

// ---- the handler ------------------------------------------------------------------------------------------------------
class RuntimeFailure extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

const require = createRequire(pathToFileURL(path.join(env.LAMBDA_TASK_ROOT, 'noop.js')));

function isModulePackage(directory) {
  for (let at = directory; ; at = path.dirname(at)) {
    const file = path.join(at, 'package.json');
    if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module';
    if (at === env.LAMBDA_TASK_ROOT || at === path.dirname(at)) return false;
  }
}

async function loadModule(root, moduleName) {
  const base = path.resolve(env.LAMBDA_TASK_ROOT, root, moduleName);
  const isModule = isModulePackage(path.dirname(base));
  if (fs.existsSync(base) && fs.statSync(base).isFile()) return require(base);
  if (fs.existsSync(base + '.js')) return isModule ? import(pathToFileURL(base + '.js').href) : require(base + '.js');
  if (fs.existsSync(base + '.mjs')) return import(pathToFileURL(base + '.mjs').href);
  if (fs.existsSync(base + '.cjs')) return require(base + '.cjs');
  return require(require.resolve(path.join(root, moduleName), { paths: [env.LAMBDA_TASK_ROOT] }));
}

async function loadHandler(handlerName) {
  const base = path.basename(handlerName);
  const root = handlerName.slice(0, handlerName.indexOf(base));
  const dot = base.indexOf('.');
  if (dot < 0 || handlerName.includes('..')) throw new RuntimeFailure('Runtime.MalformedHandlerName', 'Bad handler');
  const moduleName = base.slice(0, dot);
  const functionPath = base.slice(dot + 1);
  let loaded;
  try {
    loaded = await loadModule(root, moduleName);
  } catch (error) {
    if (error instanceof SyntaxError) throw Object.assign(new RuntimeFailure('Runtime.UserCodeSyntaxError', String(error)), { stack: error.stack });
    if (error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')) {
      const missing = new RuntimeFailure('Runtime.ImportModuleError', 'Error: ' + error.message);
      missing.stack = 'Runtime.ImportModuleError: ' + missing.message + '\n' + String(error.stack).split('\n').slice(1).join('\n');
      throw missing;
    }
    throw error;
  }
  const handler = functionPath.split('.').reduce((value, key) => (value === undefined || value === null ? undefined : value[key]), loaded)
    ?? functionPath.split('.').reduce((value, key) => (value === undefined || value === null ? undefined : value[key]), loaded.default);
  if (handler === undefined || handler === null) throw new RuntimeFailure('Runtime.HandlerNotFound', handlerName + ' is undefined or not exported');
  if (typeof handler !== 'function') throw new RuntimeFailure('Runtime.HandlerNotFound', handlerName + ' is not a function');
  if (noCallbacks && handler.length > 2)
    throw new RuntimeFailure('Runtime.CallbackHandlerDeprecated', 'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.');
  return handler;
}

// ---- time ---------------------------------------------------------------------------------------------------------
// The cloud's clock, when it was moved: what the code calls now is then what everything else there calls so.
const RealDate = Date;
let shift = 0;
function follow(clock) {
  if (clock !== 0 && shift === 0) {
    const now = () => RealDate.now() + shift;
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
      apply: () => new RealDate(now()).toString(),
      get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
    });
  }
  shift = clock;
}

// ---- one invocation ---------------------------------------------------------------------------------------------------
function invoke(handler, message) {
  follow(message.clock);
  requestId = message.requestId;
  env._X_AMZN_TRACE_ID = message.traceId;
  process.channel.unref();
  let settled = false;
  let waiting;

  finish = (frame) => {
    if (settled) return;
    settled = true;
    finish = undefined;
    process.channel.ref();
    flush();
    report({ type: 'done', memory: memoryUsedMb(), ...frame });
  };
  const succeed = (value) => {
    try {
      const payload = JSON.stringify(value === undefined ? null : value);
      finish({ payload: payload === undefined ? 'null' : payload });
    } catch (error) {
      fail(new RuntimeFailure('Runtime.MarshalError', 'Unable to stringify response body: ' + error.message));
    }
  };
  const fail = (error) => {
    if (settled) return;
    const failure = toFailure(error);
    logError('Invoke Error', failure);
    finish({ error: bare(failure) });
  };
  onIdle = () => (waiting ? waiting() : succeed(null));

  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: message.clientContext,
    identity: undefined,
    invokedFunctionArn: message.functionArn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, message.deadline - Date.now()),
    succeed,
    fail,
    done: (error, value) => (error ? fail(error) : succeed(value)),
  };
  const callback = (error, value) => {
    const end = () => (error ? fail(error) : succeed(value));
    if (context.callbackWaitsForEmptyEventLoop) waiting = waiting || end;
    else end();
  };

  let event;
  try {
    event = JSON.parse(message.payload);
    const result = noCallbacks ? handler(event, context) : handler(event, context, callback);
    if (result && typeof result.then === 'function') result.then(succeed, fail);
    else if (noCallbacks) succeed(result);
  } catch (error) {
    fail(error);
  }
}

process.on('beforeExit', () => {
  if (finish) onIdle();
});

if (!linux) {
  const { Worker } = await import('node:worker_threads');
  new Worker(WATCH, { eval: true, stdout: false, stderr: false, execArgv: [], env: {}, workerData: { limit: memoryLimitMb, peak } }).unref();
}
try {
  const handler = await loadHandler(env._HANDLER);
  process.on('message', (message) => invoke(handler, message));
  report({ type: 'ready', memory: memoryUsedMb() });
} catch (error) {
  die('Uncaught Exception', toFailure(error), 1);
}
`;
