import FormField from "@cloudscape-design/components/form-field";
import Textarea, { type TextareaProps } from "@cloudscape-design/components/textarea";
import type { Ref } from "react";

interface ReasonFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly required: boolean;
  readonly value: string;
  readonly problem: string;
  readonly readOnly?: boolean;
  readonly onChange: (value: string) => void;
  readonly field?: Ref<TextareaProps.Ref>;
}

/** Where a person writes why. */
export function ReasonField(props: ReasonFieldProps) {
  const { label, hint, required, value, problem, readOnly = false, onChange, field = null } = props;
  return (
    <FormField
      label={
        required ? (
          label
        ) : (
          <>
            {label} <i>- optional</i>
          </>
        )
      }
      description={hint}
      errorText={problem}
      i18nStrings={{ errorIconAriaLabel: "Error" }}
      stretch
    >
      <Textarea
        ref={field}
        rows={3}
        value={value}
        readOnly={readOnly}
        invalid={problem !== ""}
        ariaRequired={required}
        onChange={({ detail }) => onChange(detail.value)}
      />
    </FormField>
  );
}
