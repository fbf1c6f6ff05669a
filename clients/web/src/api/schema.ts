// Made by scripts/api-types.mjs from docs/openapi.json; change it there.

/** Both sides' accuracy, 0 to 100. */
export interface Accuracies {
  white: number | null;
  black: number | null;
}

/** Accuracy in each part of the game; null where the side made no move in it. */
export interface AccuracyByPhase {
  opening: number | null;
  middlegame: number | null;
  endgame: number | null;
}

/** The status, and the report of the best finished phase (null while there is none). */
export interface Analysis {
  status: Status;
  report: Report | null;
}

/** How far many analyses are that were asked for at once. */
export interface Batch {
  id: string;
  source: "submission" | "unannotated";
  created_at: string;
  total: number;
  queued: number;
  running: number;
  done: number;
  failed: number;
  cancelled: number;
  percent: number;
  estimated_seconds_left: number | null;
}

/** What a bulk request began. */
export interface BulkRequest {
  queued: number;
  batch_id: string | null;
}

/** An analysis that was given up. */
export interface DeadLetterEntry {
  game_id: string;
  user_id: string;
  generation: number;
  finished_phase: "initial" | "intermediate" | "complete" | null;
  reason: string;
  failed_at: string;
}

/** Analyses that were given up, the last one first. */
export interface DeadLetterPage {
  dead_letters: DeadLetterEntry[];
  next_cursor: string | null;
}

/** Where the middlegame and the endgame begin. */
export interface Division {
  middlegame_ply: number | null;
  endgame_ply: number | null;
}

/** A page of everything that is kept of a user; the oldest game first. */
export interface Export {
  user_id: string;
  profile?: Profile | null;
  batches?: Record<string, unknown>[] | null;
  games: ExportedGame[];
  next_cursor: string | null;
}

/** A game as it is stored, with all that hangs on it, column by column. */
export interface ExportedGame {
  id: string;
  pgn: string;
  headers: Record<string, string>;
  created_at: string;
  analysis: Record<string, unknown> | null;
  feedback: Record<string, unknown> | null;
}

/** What a side can have for a stretch of the game. */
export type Feature = "material_lead" | "bishop_pair" | "passed_pawn" | "exposed_king" | "king_in_centre" | "more_space" | "more_mobility" | "better_development" | "outpost" | "rook_on_seventh" | "rook_on_open_file" | "isolated_pawn" | "backward_pawn" | "hanging_pawns" | "bad_bishop";

/** What is kept of it. */
export interface Feedback {
  game_id: string;
  rating: number;
  comment: string | null;
  report_phase: "initial" | "intermediate" | "complete";
  report_generation: number;
  created_at: string;
  updated_at: string;
}

/** What users thought of their analyses in the last 30 days. */
export interface FeedbackNumbers {
  ratings: number;
  mean_rating: number | null;
}

/** What a user thinks of a report. */
export interface FeedbackRequest {
  rating: number;
  comment?: string | null;
}

/** A stored game with its PGN. */
export interface GameDetail {
  id: string;
  white: string | null;
  black: string | null;
  result: string | null;
  event: string | null;
  played_on: string | null;
  eco: string | null;
  opening: string | null;
  ply_count: number;
  created_at: string;
  analysis_state: "queued" | "running" | "done" | "failed" | "cancelled" | null;
  analysis_phase: "initial" | "intermediate" | "complete" | null;
  pgn: string;
  headers: Record<string, string>;
}

/** Games in the order asked for. */
export interface GamePage {
  games: ListedGame[];
  next_cursor: string | null;
}

/** A part of the game. */
export type GamePhase = "opening" | "middlegame" | "endgame";

/** What became of one game of a submission. */
export interface GameVerdict {
  index: number;
  verdict: "accepted" | "duplicate" | "refused";
  id?: string | null;
  white?: string | null;
  black?: string | null;
  ply_count?: number | null;
  problem?: Refusal | null;
}

/** The function runs. */
export interface Health {
  status: string;
  version: string;
}

/** What each side has that the other has not, in words. */
export interface Imbalance {
  white?: string | null;
  black?: string | null;
}

/** A part of a request that is not understood. */
export interface InvalidField {
  where: string;
  why: string;
}

/** How bad a move was. */
export type Judgement = "inaccuracy" | "mistake" | "blunder";

/** What happened in the queue during the last hour. */
export interface LastHour {
  claims: number;
  segments_finished: number;
  failed_attempts: number;
  expired_leases: number;
  exhausted_units: number;
  error_rate: number | null;
  mean_time_to_first_result_ms: number | null;
  mean_time_to_complete_ms: number | null;
  phases: Record<string, PhaseActivity>;
}

/** One phase of the games of one class of length: short up to 40 plies, medium up to 80, long. */
export interface LengthActivity {
  phases_finished: number;
  mean_phase_ms: number | null;
}

/** One limit. */
export interface LimitLeft {
  limit: number;
  used: number | null;
  left: number | null;
  resets_at: string | null;
}

/** What waits in one phase at one priority. */
export interface Line {
  units_in_line: number;
  games_behind: number;
  oldest_ms: number;
}

/** A stored game in a list. */
export interface ListedGame {
  id: string;
  white: string | null;
  black: string | null;
  result: string | null;
  event: string | null;
  played_on: string | null;
  eco: string | null;
  opening: string | null;
  ply_count: number;
  created_at: string;
  analysis_state: "queued" | "running" | "done" | "failed" | "cancelled" | null;
  analysis_phase: "initial" | "intermediate" | "complete" | null;
  accuracy: Accuracies | null;
}

/** A tactical idea; the value is the name of Lichess' puzzle theme. */
export type Motif = "fork" | "pin" | "skewer" | "discoveredAttack" | "discoveredCheck" | "doubleCheck" | "xRayAttack" | "hangingPiece" | "trappedPiece" | "deflection" | "attraction" | "capturingDefender" | "interference" | "intermezzo" | "clearance" | "sacrifice" | "quietMove" | "defensiveMove" | "zugzwang" | "advancedPawn" | "promotion" | "underPromotion" | "enPassant" | "castling" | "exposedKing" | "kingsideAttack" | "queensideAttack" | "attackingF2F7" | "collinearMove" | "mate" | "mateIn1" | "mateIn2" | "mateIn3" | "mateIn4" | "mateIn5" | "backRankMate" | "smotheredMate" | "anastasiaMate" | "arabianMate" | "bodenMate" | "doubleBishopMate" | "dovetailMate" | "hookMate" | "balestraMate" | "blindSwineMate" | "cornerMate" | "killBoxMate" | "morphysMate" | "operaMate" | "pillsburysMate" | "triangleMate" | "vukovicMate" | "epauletteMate" | "swallowstailMate" | "pawnEndgame" | "knightEndgame" | "bishopEndgame" | "rookEndgame" | "queenEndgame" | "queenRookEndgame";

/** One word for a move. */
export type MoveClass = "book" | "forced" | "brilliant" | "great" | "best" | "excellent" | "good" | "inaccuracy" | "mistake" | "blunder" | "miss";

/** One move. Scores are of the position after it; `best_*`, `second_*`, `variation` of the one before. */
export interface MoveReport {
  ply: number;
  san: string;
  uci: string;
  fen: string;
  white_cp: number | null;
  white_mate: number | null;
  win_percent: number | null;
  accuracy: number | null;
  judgement: Judgement | null;
  judgement_reason: Reason | null;
  class: MoveClass | null;
  explanation: string | null;
  best_uci: string | null;
  best_san: string | null;
  variation: string[];
  second_white_cp: number | null;
  second_white_mate: number | null;
  missed: Sighting[] | null;
  allowed: Sighting[] | null;
  positional: PositionMetrics | null;
  depth: number | null;
  nodes: number | null;
  clock_s: number | null;
  spent_s: number | null;
}

/** The opening played. */
export interface Opening {
  eco: string;
  name: string;
  ply: number;
  book_ply: number;
}

/** The service in numbers; null what could not be had, with the reason under `problems`. */
export interface OperationsMetrics {
  queue: Queue | null;
  last_hour: LastHour | null;
  dead_letters: number | null;
  feedback: FeedbackNumbers | null;
  problems: PartProblem[];
}

/** One part of the system. */
export interface PartHealth {
  ok: boolean;
  ms: number;
}

/** Why some numbers are missing. */
export interface PartProblem {
  code: string;
  detail: string;
}

/** One phase in the last hour. */
export interface PhaseActivity {
  claims: number;
  segments_finished: number;
  mean_segment_ms: number | null;
  positions: number;
  known_positions: number;
  cache_hit_rate: number | null;
  failed_attempts: number;
  expired_leases: number;
  exhausted_units: number;
  error_rate: number | null;
  priorities: Record<string, PriorityActivity>;
  game_lengths: Record<string, LengthActivity>;
}

/** What the functions of this phase cost, estimated. */
export interface PhaseCost {
  billed_ms: number;
  memory_mb: number;
  requests: number;
  dollars: number;
}

/** One phase of the queue. */
export interface PhaseQueue {
  units_in_flight: number;
  priorities: Record<string, Line>;
}

/** How one player used the time. */
export interface PlayerTime {
  base_s: number | null;
  total: TimeShare;
  median_s: number | null;
  phases: Record<string, TimeShare>;
  judged: TimeShare;
  unjudged: TimeShare;
  longest_ply: number | null;
  longest_s: number | null;
  trouble_s: number | null;
  trouble_moves: number;
  trouble_first_ply: number | null;
  trouble_judgements: Record<string, number>;
  hasty_plies: number[];
}

/** How both players used the time. */
export interface PlayersTime {
  white: PlayerTime;
  black: PlayerTime;
}

/** Both sides of a position. */
export interface PositionMetrics {
  white: SideMetrics;
  black: SideMetrics;
  imbalance?: Imbalance | null;
}

/** The metrics over the game: for each name one number for each position from the start on. */
export interface PositionalStory {
  white: Record<string, number[]>;
  black: Record<string, number[]>;
  stretches: Stretch[];
}

/** One phase at one priority in the last hour. */
export interface PriorityActivity {
  claims: number;
  mean_wait_ms: number | null;
  phases_finished: number;
  mean_since_request_ms: number | null;
}

/** An error (RFC 9457): what every route answers when it does not do what was asked. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: "invalid_request" | "unauthorized" | "forbidden" | "game_not_found" | "analysis_not_found" | "batch_not_found" | "analysis_final" | "not_found" | "method_not_allowed" | "not_acceptable" | "unsupported_media_type" | "too_large" | "invalid_game" | "idempotency_key_reused" | "idempotency_key_in_use" | "queue_limit_reached" | "daily_limit_reached" | "rate_limited" | "internal_error" | "settings_unavailable" | "queue_unavailable" | "store_unavailable";
  request_id: string | null;
  errors?: InvalidField[];
  limit?: number | null;
  unfinished?: number | null;
  games?: GameVerdict[];
}

/** What is kept of the user, and may grow. */
export interface Profile {
  user_id: string;
  plan: string;
  is_operator: boolean;
  created_at: string;
}

/** Progress of the running phase. */
export interface Progress {
  plies_done: number;
  plies_total: number;
  percent: number;
}

/** The queue now. */
export interface Queue {
  jobs: number;
  oldest_job_ms: number;
  exhausted_units: number;
  is_store_away: boolean;
  phases: Record<string, PhaseQueue>;
}

/** What a user may use, and what is left. */
export interface QuotaAnswer {
  plan: "free" | "premium";
  limits: Record<string, LimitLeft>;
  sizes: Sizes;
}

/** Each part of the system. */
export interface Readiness {
  status: string;
  version: string;
  checks: Record<string, PartHealth>;
}

/** What a judgement rests on. */
export type Reason = "centipawns" | "mate_created" | "mate_lost";

/** Analyses to start again. */
export interface RedriveRequest {
  game_ids: string[];
}

/** Those that were started again; games whose analysis has not failed are left out. */
export interface Redriven {
  redriven: number;
  game_ids: string[];
}

/** Why a game was refused. */
export interface Refusal {
  code: string;
  detail: string;
}

/** The report of one finished phase, the whole answer of `get_analysis` under `report`. */
export interface Report {
  schema: number;
  phase: "initial" | "intermediate" | "complete";
  engine: string;
  limit: string;
  cost: PhaseCost | null;
  start_fen: string;
  ply_count: number;
  result: string;
  opening: Opening | null;
  division: Division;
  start: Score;
  white: SideReport;
  black: SideReport;
  turning_points: TurningPoint[];
  words: string[];
  time: PlayersTime | null;
  positional: PositionalStory;
  moves: MoveReport[];
}

/** An evaluation from White's point of view: centipawns or moves to mate. */
export interface Score {
  white_cp: number | null;
  white_mate: number | null;
}

/** One side of a position. What is 0, false or empty is left out. */
export interface SideMetrics {
  material?: number;
  has_bishop_pair?: boolean;
  isolated_pawns?: string[];
  doubled_pawns?: string[];
  backward_pawns?: string[];
  hanging_pawns?: string[];
  passed_pawns?: string[];
  pawn_islands?: number;
  queenside_majority?: number;
  kingside_majority?: number;
  shield_pawns?: string[];
  king_open_files?: string;
  king_attackers?: string[];
  king_exposure?: number;
  is_king_in_centre?: boolean;
  can_castle?: boolean;
  mobility?: number;
  space?: number;
  centre_pawns?: string[];
  centre_control?: number;
  undeveloped?: string[];
  rooks_on_open_files?: string[];
  rooks_on_half_open_files?: string[];
  rooks_on_seventh?: string[];
  outpost_squares?: string[];
  outposts?: string[];
  bad_bishops?: string[];
}

/** One side's numbers. */
export interface SideReport {
  accuracy: number | null;
  accuracy_by_phase: AccuracyByPhase;
  acpl: number | null;
  inaccuracies: number;
  mistakes: number;
  blunders: number;
  classes: Record<string, number>;
}

/** A motif and the squares that show it, on the board after move `ply` of its line. */
export interface Sighting {
  motif: Motif;
  ply: number;
  square: string;
  targets: string[];
}

/** How large requests may be. */
export interface Sizes {
  body_bytes: number;
  games_per_request: number;
  game_characters: number;
  game_plies: number;
}

/** The order of a list of games; a minus puts the greatest first. Of equal ones the id decides. */
export type Sort = "created_at" | "-created_at" | "played_on" | "-played_on" | "ply_count" | "-ply_count";

/** An analysis at one moment. */
export interface Status {
  game_id: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  generation: number;
  phase: "initial" | "intermediate" | "complete" | null;
  finished_phase: "initial" | "intermediate" | "complete" | null;
  progress: Progress | null;
  queue_position: number | null;
  estimated_seconds_left: number | null;
  priority: "bulk" | "premium_bulk" | "standard" | "premium";
  degraded: boolean;
  requested_at: string;
  failure: string | null;
}

/** A feature that lasted, from one ply to another. */
export interface Stretch {
  feature: Feature;
  side: "white" | "black";
  first_ply: number;
  last_ply: number;
}

/** A verdict on every game, in the order sent. */
export interface Submission {
  accepted: number;
  duplicates: number;
  refused: number;
  batch_id?: string | null;
  queued?: number | null;
  games: GameVerdict[];
}

/** The known times of some of a player's moves. */
export interface TimeShare {
  moves: number;
  total_s: number;
  mean_s: number | null;
  share: number | null;
}

/** A move that lost much. */
export interface TurningPoint {
  ply: number;
  move_number: number;
  side: "white" | "black";
  san: string;
  judgement: Judgement;
  white_cp_before: number | null;
  white_mate_before: number | null;
  white_cp_after: number | null;
  white_mate_after: number | null;
  win_percent_lost: number;
  best_san: string | null;
}
