import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import type { Leaves } from "../approval/leaves.ts";
import type { ConstraintDraft } from "./constraint-draft.ts";

const RULES = [
  { value: "equals", label: "is exactly" },
  { value: "prefix", label: "begins with" },
];

interface ConstraintFieldProps {
  readonly value: readonly ConstraintDraft[];
  /** Arguments to choose from; without any, a place is written by hand. */
  readonly leaves?: Leaves;
  readonly problem: string;
  readonly onChange: (value: readonly ConstraintDraft[]) => void;
}

const BY_HAND: Leaves = { offered: [], someLeftOut: false };

/** Limits on the arguments of later calls, one a row. */
export default function ConstraintField({ value, leaves = BY_HAND, problem, onChange }: ConstraintFieldProps) {
  const { offered, someLeftOut } = leaves;
  const change = (key: number, part: Partial<ConstraintDraft>) =>
    onChange(value.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const add = () => {
    const key = Math.max(0, ...value.map((row) => row.key)) + 1;
    // Nothing is chosen beforehand: the caller names the arguments and their order.
    onChange([...value, { key, pointer: "", rule: "equals", value: "" }]);
  };
  return (
    <fieldset className="limits">
      <legend>Limits on the arguments</legend>
      {value.length === 0 && <p className="soft">None: any arguments are allowed.</p>}
      {value.map((row, at) => (
        <div className="limit" key={row.key}>
          {offered.length > 0 ? (
            <Select
              ariaLabel={`Argument of limit ${at + 1}`}
              selectedOption={row.pointer === "" ? null : { value: row.pointer, label: row.pointer }}
              placeholder="Choose an argument"
              options={offered.map(({ pointer }) => ({ value: pointer, label: pointer }))}
              onChange={({ detail }) => {
                const leaf = offered.find(({ pointer }) => pointer === detail.selectedOption.value);
                if (leaf) change(row.key, leaf);
              }}
            />
          ) : (
            <Input
              ariaLabel={`Argument of limit ${at + 1}`}
              placeholder="/path"
              value={row.pointer}
              onChange={({ detail }) => change(row.key, { pointer: detail.value })}
            />
          )}
          <Select
            ariaLabel={`Rule of limit ${at + 1}`}
            selectedOption={RULES.find((rule) => rule.value === row.rule) ?? null}
            options={RULES}
            onChange={({ detail }) =>
              change(row.key, { rule: detail.selectedOption.value === "prefix" ? "prefix" : "equals" })
            }
          />
          <Input
            ariaLabel={`Value of limit ${at + 1}`}
            value={row.value}
            onChange={({ detail }) => change(row.key, { value: detail.value })}
          />
          <Button
            formAction="none"
            iconName="close"
            variant="icon"
            ariaLabel={`Remove limit ${at + 1}`}
            onClick={() => onChange(value.filter(({ key }) => key !== row.key))}
          />
        </div>
      ))}
      {someLeftOut && value.length > 0 && (
        <p className="soft">Arguments that are masked, or that a field would not show as they are, are not offered.</p>
      )}
      <FormField errorText={problem} i18nStrings={{ errorIconAriaLabel: "Error" }}>
        <Button formAction="none" iconName="add-plus" onClick={add}>
          Add a limit
        </Button>
      </FormField>
    </fieldset>
  );
}
