import { textOf } from '../../../analysis';
import type { Condition } from '../../conditions';
import { hasProperty } from '../../conditions';
import { propertyOf } from '../../expect';

const ENABLED = 'OnlineStoreConfig.EnableOnlineStore';
const OFFLINE = hasProperty('OfflineStoreConfig');

/** The feature group keeps its latest records in an online store; by default, it does not. */
export const hasOnlineStore: Condition = {
  holds: (group) => textOf(propertyOf(group, ENABLED)) === 'true',
  guard: () => `Properties.${ENABLED} IN [true, 'true']`,
};

/** The feature group keeps records anywhere. */
export const hasStore: Condition = {
  holds: (group) => OFFLINE.holds(group) || hasOnlineStore.holds(group),
  guard: (type) => `${OFFLINE.guard(type)} or ${hasOnlineStore.guard(type)}`,
};
