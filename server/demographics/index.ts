export { DemographicBuckets } from './demographic-buckets';
export { DemographicsResolver } from './demographics.resolver';
export { DemographicsService } from './demographics.service';
