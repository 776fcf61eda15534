/** Arrays of a batch, as access's stores write and read them. */
export {
  instantArray,
  plainArray,
  readArray,
  textArray,
} from '../../../platform/database/array-literal.ts';
