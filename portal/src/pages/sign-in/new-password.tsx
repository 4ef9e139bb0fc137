import { useState } from "react";
import { t } from "@/i18n/texts";
import { Password } from "./password";

/** A password that somebody chooses and writes twice: its fields, and what reads it of the form they stand in. */
export function useNewPassword() {
  const [differs, setDiffers] = useState(false);
  const fields = (
    <>
      <Password
        name="password"
        label={t("signIn.newPassword")}
        hint={t("signIn.passwordHint")}
        autoComplete="new-password"
      />
      <Password name="repeated" label={t("signIn.repeatPassword")} autoComplete="new-password" />
      {differs ? (
        <p role="alert" className="text-sm text-bad">
          {t("signIn.differs")}
        </p>
      ) : null}
    </>
  );
  /** Return the password; undefined, and a word about it, if the two are not the same. */
  const read = (form: FormData): string | undefined => {
    const [password, repeated] = [String(form.get("password")), String(form.get("repeated"))];
    setDiffers(password !== repeated);
    return password === repeated ? password : undefined;
  };
  return { fields, read };
}
