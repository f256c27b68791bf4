import "../style/base.css";
import "../style/atelier.css";
import { registerOffline } from "../offline";
import { applyLanguage } from "../text/text";
import "../ui/resident-page";

applyLanguage();
registerOffline();
