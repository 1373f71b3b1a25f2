import {
  DefaultRenderer,
  ListrDefaultRendererLogLevels as Level,
  Listr,
  ListrLogger,
  ProcessOutput,
  Spinner,
} from 'listr2';
import { redact } from '../core/secret.js';
import type { Canvas } from './canvas.js';
import type { PlannedStep, StepRunner } from './progress.js';

/** Lines of notes that are shown below a running step. */
const NOTE_LINES = 3;

/** A list that is redrawn in place, by listr2, on the given stream and no other. */
export class LiveSteps implements StepRunner {
  readonly #stream: NodeJS.WriteStream;
  readonly #canvas: Canvas;

  constructor(stream: NodeJS.WriteStream, canvas: Canvas) {
    this.#stream = stream;
    this.#canvas = canvas;
  }

  async list(steps: readonly PlannedStep[], options: { concurrent?: boolean } = {}): Promise<void> {
    const list = new Listr(
      steps.map((planned) => ({
        title: redact(planned.title),
        task: async (_, task) => {
          await planned.work({
            note: (text) => {
              task.output = redact(text);
            },
            title: (text) => {
              task.title = redact(text);
            },
            skip: (reason) => task.skip(redact(`${task.title}: ${reason}`)),
          });
        },
        rendererOptions: { outputBar: NOTE_LINES },
      })),
      {
        renderer: LiveRenderer,
        concurrent: options.concurrent ?? false,
        // Ctrl-C is ours: services stop at a safe point.
        registerSignalListeners: false,
        rendererOptions: {
          // Every stream it knows is ours: stdout carries the result alone.
          logger: new ListrLogger({
            useIcons: true,
            processOutput: new ProcessOutput(this.#stream, this.#stream, { leaveEmptyLine: false }),
          }),
          collapseErrors: false,
          ...this.#ascii(),
        },
      },
    );
    await list.run();
  }

  say(text: string): void {
    this.#stream.write(`${redact(text)}\n`);
  }

  #ascii(): object {
    if (this.#canvas.unicode) return {};
    return {
      spinner: new AsciiSpinner(),
      icon: {
        [Level.COMPLETED]: 'ok',
        [Level.FAILED]: 'x',
        [Level.OUTPUT]: '>',
        [Level.OUTPUT_WITH_BOTTOMBAR]: '>',
        [Level.PENDING]: '>',
        [Level.WAITING]: '.',
        [Level.PAUSED]: '.',
        [Level.SKIPPED_WITH_COLLAPSE]: '-',
        [Level.SKIPPED_WITHOUT_COLLAPSE]: '-',
        [Level.FAILED_WITH_FAILED_SUBTASKS]: 'x',
        [Level.COMPLETED_WITH_FAILED_SUBTASKS]: '!',
        [Level.COMPLETED_WITH_FAILED_SISTER_TASKS]: '.',
      },
    };
  }
}

/** listr2 looks at stdout to decide, and else writes a plain list there; whether to draw was decided before. */
class LiveRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

class AsciiSpinner extends Spinner {
  protected override readonly spinner = ['-', '\\', '|', '/'];
}
