// What the buttons and keys of a view do, by their names.
export function commandsOf(view) {
  const { width, height } = view.size();
  return {
    fit: () => view.fly((camera) => camera.fit(view.graph, width, height)),
    in: () => view.fly((camera) => camera.zoom(1.4, width / 2, height / 2)),
    out: () => view.fly((camera) => camera.zoom(1 / 1.4, width / 2, height / 2)),
    undo: () => view.address.canUndo && history.back(),
    redo: () => view.address.canRedo && history.forward(),
    leave: () => view.select(-1, true),
    next: () => view.matches.jump(1),
    last: () => view.matches.jump(-1),
    keys: () => view.keys.sheet.showModal(),
    link: () => view.controls.copyLink(),
    embed: () => view.controls.copyEmbed(),
    png: () => view.controls.savePng(),
  };
}
