import { Box, Text } from 'ink';
import { topView } from '../store/app-store.ts';
import { Bulk } from './bulk.tsx';
import { Confirm } from './confirm.tsx';
import { Footer, FullFooter } from './footer.tsx';
import { Form } from './form.tsx';
import { Header } from './header.tsx';
import { Panel } from './panel.tsx';
import { PromptLine } from './prompt-line.tsx';
import { Summary } from './summary.tsx';
import { isTooSmall } from './too-small.ts';
import { type Ui, UiContext, useAppState } from './ui-context.ts';

/** A line of this character alone separates the blocks: above the view, below it, over it. */
const SEPARATOR = '\ue000';

/** Everything that Ink draws: the view between the first two blocks is painted without it. */
export function Chrome({ ui }: { readonly ui: Ui }) {
  return (
    <UiContext.Provider value={ui}>
      <Blocks isTooSmall={isTooSmall(ui.columns, ui.rows)} columns={ui.columns} />
    </UiContext.Provider>
  );
}

function Blocks({
  isTooSmall: tooSmall,
  columns,
}: {
  readonly isTooSmall: boolean;
  readonly columns: number;
}) {
  const isFull = useAppState((state) => {
    const view = topView(state);
    return view.kind !== 'list' && view.kind !== 'welcome' && view.pane.full;
  });
  if (tooSmall) return <Separators />;
  return (
    <Box flexDirection="column" width={columns}>
      {!isFull && <Header />}
      <PromptLine />
      {!isFull && <Summary />}
      <Text>{SEPARATOR}</Text>
      {isFull ? <FullFooter /> : <Footer />}
      <Text>{SEPARATOR}</Text>
      <Dialog />
    </Box>
  );
}

function Separators() {
  return <Text>{`${SEPARATOR}\n${SEPARATOR}`}</Text>;
}

function Dialog() {
  const overlay = useAppState((state) => state.overlay);
  switch (overlay?.kind) {
    case 'confirm':
      return <Confirm dialog={overlay} />;
    case 'form':
      return <Form dialog={overlay} />;
    case 'panel':
      return <Panel dialog={overlay} />;
    case 'bulk':
      return <Bulk dialog={overlay} />;
    default:
      return null;
  }
}
