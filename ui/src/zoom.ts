const STEPS = [100, 110, 125, 150, 175, 200];
const KEY = 'holdline.zoom';

/**
 * Ctrl (or Command) with +, - and 0 sets the size of everything, as in a browser; all lengths are in rem.
 * The web view's own zoom would need a further capability.
 */
export function followZoomKeys(): void {
  let zoom = STEPS.includes(Number(localStorage.getItem(KEY))) ? Number(localStorage.getItem(KEY)) : 100;
  const apply = () => {
    document.documentElement.style.fontSize = `${zoom}%`;
  };
  apply();
  window.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    const step = STEPS.indexOf(zoom);
    if (event.key === '+' || event.key === '=') zoom = STEPS[Math.min(step + 1, STEPS.length - 1)] ?? zoom;
    else if (event.key === '-') zoom = STEPS[Math.max(step - 1, 0)] ?? zoom;
    else if (event.key === '0') zoom = 100;
    else return;
    event.preventDefault();
    localStorage.setItem(KEY, String(zoom));
    apply();
  });
}
