// Three tones by WebAudio. A browser that allows no sound without a touch stays silent; the kiosk's displays are started
// with --autoplay-policy=no-user-gesture-required.

const tones = [659.25, 523.25, 783.99];

let context;

export function chime() {
  if (!("AudioContext" in window)) return;
  context ??= new AudioContext();
  if (context.state !== "running") return;
  tones.forEach((frequency, index) => {
    const start = context.currentTime + index * 0.28;
    const oscillator = new OscillatorNode(context, { frequency, type: "sine" });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.35, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.7);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.75);
  });
}
