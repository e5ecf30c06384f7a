export { mixtureFractions, mixtureWarnings } from './mixtureFractions';
