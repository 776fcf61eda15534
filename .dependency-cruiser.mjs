import { layerRules } from './tools/layer-rules.ts';
import { cruiseOptions } from './tools/see-layers.ts';

export default { forbidden: layerRules, options: cruiseOptions };
