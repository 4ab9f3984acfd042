import { Modal, type ModalProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFocusBack } from './focus-back';

/** A dialog of this application: closed by Escape and by a button with a name, and then the focus is where it was. */
export function Dialog(props: ModalProps) {
  const { t } = useTranslation();
  useFocusBack(props.opened);
  return <Modal returnFocus={false} closeButtonProps={{ 'aria-label': t('common.close') }} {...props} />;
}
