/** One resource's change as DescribeChangeSet shows it. Built once, when the change set is created. */
export interface ResourceChange {
  PolicyAction?: string;
  Action: 'Add' | 'Modify' | 'Remove';
  LogicalResourceId: string;
  PhysicalResourceId?: string;
  ResourceType: string;
  Replacement?: 'True' | 'False' | 'Conditional';
  Scope: string[];
  Details: ChangeDetail[];
  BeforeContext?: string;
  AfterContext?: string;
}

export interface ChangeDetail {
  Target: {
    Attribute: string;
    Name?: string;
    RequiresRecreation: 'Never' | 'Always' | 'Conditionally';
    Path?: string;
    BeforeValue?: string;
    AfterValue?: string;
    AttributeChangeType?: 'Add' | 'Modify' | 'Remove';
  };
  Evaluation: 'Static' | 'Dynamic';
  ChangeSource:
    | 'DirectModification'
    | 'ParameterReference'
    | 'ResourceReference'
    | 'ResourceAttribute'
    | 'Automatic';
  CausingEntity?: string;
}
