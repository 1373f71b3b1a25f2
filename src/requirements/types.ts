import type { Area } from '../core/finding.js';
import type { Requirement } from '../core/requirement.js';

/** Requirements by id. The area is told where it is not the first part of the id. */
export type RequirementTable = Record<string, Omit<Requirement, 'id' | 'area'> & { area?: Area }>;
