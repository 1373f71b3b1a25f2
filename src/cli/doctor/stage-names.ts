import { loadFile } from '../../config/file.js';
import { LOCAL_STAGE } from '../../config/stage.js';
import { CachaoError } from '../../core/errors.js';
import { EXIT } from '../../core/exit-code.js';

/** The stages of the configuration file, in its order. Throws NO_STAGES when there is none. */
export async function stageNames(
  cwd: string,
  configFile: string | undefined,
  local: boolean,
): Promise<string[]> {
  const file = await loadFile(cwd, configFile);
  // What was kept for the local clouds is no stage of real accounts.
  const names = Object.keys(file?.content.stages ?? {}).filter((name) => local || name !== LOCAL_STAGE);
  if (names.length > 0) return names;
  throw new CachaoError({
    code: 'NO_STAGES',
    message: file
      ? `${file.path} has no stage.`
      : 'There is no cachao.config.json here, so no stage is known.',
    next: ['Leave --all-stages out, or make a stage: cachao setup --stage dev'],
    exitCode: EXIT.usage,
  });
}
