export { EarCrops } from './EarCrops';
