export { mixtureFractions } from './mixtureFractions';
