import {
  Car,
  CloudSun,
  DoorOpen,
  Ear,
  Eye,
  Footprints,
  Hammer,
  Heart,
  History,
  House,
  type IconNode,
  Lamp,
  Lightbulb,
  Lock,
  MapPinned,
  MessagesSquare,
  Moon,
  Music,
  Paintbrush,
  Pill,
  ShieldCheck,
  Store,
  Sunset,
  Trash2,
  TriangleAlert,
  Users,
  UsersRound,
  Volume2,
} from "lucide";
import type { Question } from "./marker-words";

const icons: Partial<Record<Question, Readonly<Record<string, IconNode>>>> = {
  moments: { day: CloudSun, evening: Sunset, night: Moon },
  reasons: {
    light: Lightbulb,
    visibility: Eye,
    people: Users,
    teams: ShieldCheck,
    upkeep: Paintbrush,
    exit: DoorOpen,
    wayfinding: MapPinned,
    mood: Music,
    groups: UsersRound,
    traffic: Car,
    shops: Store,
    memory: History,
  },
  themes: {
    BRU: Volume2,
    OCC: UsersRound,
    STU: Pill,
    DEG: Hammer,
    CIR: Car,
    PRO: Trash2,
    AMB: Lamp,
    VIO: TriangleAlert,
    VOL: Lock,
    VOI: House,
  },
  nature: { lived: Footprints, witnessed: Eye, told: Ear, sensed: Heart },
};

/** The pictogram of an answer. */
export function choiceIcon(question: Question, code: string): IconNode {
  return icons[question]?.[code] ?? MessagesSquare;
}
