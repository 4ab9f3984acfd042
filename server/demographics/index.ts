export { DemographicBuckets } from './demographic-buckets';
export { DemographicCell, DemographicsResolver, DemographicsView } from './demographics.resolver';
export { DemographicsService, type Miscount } from './demographics.service';
