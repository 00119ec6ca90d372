import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { ChangePasswordForm } from "@/components/sign-in/ChangePasswordForm";

export function PasswordCard() {
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <Button variant="default" w="fit-content" onClick={() => setOpen(true)}>
        Change password
      </Button>
    );
  }
  const done = () => {
    setOpen(false);
    notifications.show({ message: "Your password was changed. Your other sessions have ended." });
  };
  return <ChangePasswordForm currentLabel="Current password" submit="Change password" onDone={done} />;
}
