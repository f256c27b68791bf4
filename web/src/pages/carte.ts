import "../style/base.css";
import "../style/map.css";
import "../style/staff.css";
import "../style/search.css";
import "../style/city.css";
import "../ui/city-page";
import { applyLanguage } from "../text/text";

applyLanguage();
