CREATE TABLE info (
	"key" VARCHAR NOT NULL,
	value VARCHAR NOT NULL,
	PRIMARY KEY ("key")
);

CREATE TABLE doc (
	kind VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	meaning VARCHAR NOT NULL,
	PRIMARY KEY (kind, name)
);

CREATE TABLE document (
	id VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	content VARCHAR NOT NULL,
	PRIMARY KEY (id)
);

CREATE TABLE category (
	id VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	description VARCHAR,
	PRIMARY KEY (id)
);

CREATE TABLE task (
	id VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	description VARCHAR,
	PRIMARY KEY (id)
);

CREATE TABLE modality (
	id VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	description VARCHAR,
	PRIMARY KEY (id)
);

CREATE TABLE architecture (
	id VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	description VARCHAR,
	PRIMARY KEY (id)
);

CREATE TABLE topic (
	id VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	description VARCHAR NOT NULL,
	parent VARCHAR,
	evidence VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(parent) REFERENCES topic (id)
);

CREATE INDEX ix_topic_parent ON topic (parent);

CREATE TABLE question (
	id VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	asks VARCHAR NOT NULL,
	section VARCHAR NOT NULL,
	PRIMARY KEY (id)
);

CREATE TABLE guideline (
	question VARCHAR NOT NULL,
	text VARCHAR NOT NULL,
	PRIMARY KEY (question),
	FOREIGN KEY(question) REFERENCES question (id)
);

CREATE TABLE question_topic (
	question VARCHAR NOT NULL,
	topic VARCHAR NOT NULL,
	PRIMARY KEY (question, topic),
	FOREIGN KEY(question) REFERENCES question (id),
	FOREIGN KEY(topic) REFERENCES topic (id)
);

CREATE TABLE topic_question (
	topic VARCHAR NOT NULL,
	question VARCHAR NOT NULL,
	PRIMARY KEY (topic, question),
	FOREIGN KEY(topic) REFERENCES topic (id),
	FOREIGN KEY(question) REFERENCES question (id)
);

CREATE TABLE paper (
	"key" VARCHAR NOT NULL,
	label VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	year INTEGER,
	venue VARCHAR,
	arxiv VARCHAR,
	doi VARCHAR,
	url VARCHAR,
	recorded BOOLEAN NOT NULL,
	surveyed BOOLEAN NOT NULL,
	category VARCHAR,
	model_quantity VARCHAR,
	model_low FLOAT,
	model_high FLOAT,
	model_printed VARCHAR,
	data_quantity VARCHAR,
	data_low FLOAT,
	data_high FLOAT,
	data_printed VARCHAR,
	insight VARCHAR,
	applicability VARCHAR,
	why_no_laws VARCHAR,
	survey_note VARCHAR,
	bibtex VARCHAR NOT NULL,
	PRIMARY KEY ("key"),
	FOREIGN KEY(category) REFERENCES category (id)
);

CREATE INDEX ix_paper_category ON paper (category);

CREATE TABLE author (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);

CREATE TABLE paper_author (
	paper VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	author INTEGER NOT NULL,
	PRIMARY KEY (paper, position),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(author) REFERENCES author (id)
);

CREATE INDEX ix_paper_author_author ON paper_author (author);

CREATE TABLE paper_task (
	paper VARCHAR NOT NULL,
	task VARCHAR NOT NULL,
	PRIMARY KEY (paper, task),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(task) REFERENCES task (id)
);

CREATE TABLE paper_modality (
	paper VARCHAR NOT NULL,
	modality VARCHAR NOT NULL,
	PRIMARY KEY (paper, modality),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(modality) REFERENCES modality (id)
);

CREATE TABLE paper_architecture (
	paper VARCHAR NOT NULL,
	architecture VARCHAR NOT NULL,
	PRIMARY KEY (paper, architecture),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(architecture) REFERENCES architecture (id)
);

CREATE TABLE paper_topic (
	paper VARCHAR NOT NULL,
	topic VARCHAR NOT NULL,
	is_primary BOOLEAN NOT NULL,
	evidence VARCHAR NOT NULL,
	PRIMARY KEY (paper, topic),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(topic) REFERENCES topic (id)
);

CREATE TABLE paper_question (
	paper VARCHAR NOT NULL,
	question VARCHAR NOT NULL,
	PRIMARY KEY (paper, question),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(question) REFERENCES question (id)
);

CREATE TABLE corpus (
	id VARCHAR NOT NULL,
	PRIMARY KEY (id)
);

CREATE TABLE paper_corpus (
	paper VARCHAR NOT NULL,
	corpus VARCHAR NOT NULL,
	PRIMARY KEY (paper, corpus),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(corpus) REFERENCES corpus (id)
);

CREATE TABLE code (
	paper VARCHAR NOT NULL,
	survey_training VARCHAR,
	survey_analysis VARCHAR,
	survey_link BOOLEAN,
	training VARCHAR NOT NULL,
	analysis VARCHAR NOT NULL,
	data VARCHAR NOT NULL,
	url VARCHAR,
	licence VARCHAR,
	note VARCHAR,
	PRIMARY KEY (paper),
	FOREIGN KEY(paper) REFERENCES paper ("key")
);

CREATE TABLE survey_table (
	number INTEGER NOT NULL,
	title VARCHAR NOT NULL,
	section VARCHAR NOT NULL,
	PRIMARY KEY (number)
);

CREATE TABLE survey_row (
	table_number INTEGER NOT NULL,
	position INTEGER NOT NULL,
	paper VARCHAR,
	cells VARCHAR NOT NULL,
	note VARCHAR,
	PRIMARY KEY (table_number, position),
	FOREIGN KEY(table_number) REFERENCES survey_table (number),
	FOREIGN KEY(paper) REFERENCES paper ("key")
);

CREATE INDEX ix_survey_row_paper ON survey_row (paper);

CREATE TABLE law (
	id VARCHAR NOT NULL,
	paper VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	summary VARCHAR NOT NULL,
	expression VARCHAR,
	sub_expressions VARCHAR,
	bracket VARCHAR,
	steps VARCHAR,
	latex VARCHAR,
	implicit BOOLEAN NOT NULL,
	output_symbol VARCHAR NOT NULL,
	output_meaning VARCHAR NOT NULL,
	output_quantity VARCHAR NOT NULL,
	output_scale FLOAT NOT NULL,
	output_convention VARCHAR,
	direction VARCHAR NOT NULL,
	follows VARCHAR,
	supersedes VARCHAR,
	default_fit VARCHAR,
	rung VARCHAR NOT NULL,
	source_paper VARCHAR NOT NULL,
	source_where VARCHAR NOT NULL,
	source_via VARCHAR,
	basis VARCHAR NOT NULL,
	confidence VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(follows) REFERENCES law (id),
	FOREIGN KEY(source_paper) REFERENCES paper ("key")
);

CREATE INDEX ix_law_follows ON law (follows);

CREATE INDEX ix_law_paper ON law (paper);

CREATE INDEX ix_law_source_paper ON law (source_paper);

CREATE TABLE law_modality (
	law VARCHAR NOT NULL,
	modality VARCHAR NOT NULL,
	said_of VARCHAR NOT NULL,
	PRIMARY KEY (law, modality),
	FOREIGN KEY(law) REFERENCES law (id),
	FOREIGN KEY(modality) REFERENCES modality (id)
);

CREATE TABLE law_question (
	law VARCHAR NOT NULL,
	question VARCHAR NOT NULL,
	PRIMARY KEY (law, question),
	FOREIGN KEY(law) REFERENCES law (id),
	FOREIGN KEY(question) REFERENCES question (id)
);

CREATE TABLE variable (
	law VARCHAR NOT NULL,
	symbol VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	meaning VARCHAR NOT NULL,
	quantity VARCHAR NOT NULL,
	scale FLOAT NOT NULL,
	convention VARCHAR,
	domain VARCHAR NOT NULL,
	monotone VARCHAR,
	fitted_low FLOAT,
	fitted_high FLOAT,
	index_sets VARCHAR,
	PRIMARY KEY (law, symbol),
	FOREIGN KEY(law) REFERENCES law (id)
);

CREATE TABLE coefficient (
	law VARCHAR NOT NULL,
	symbol VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	meaning VARCHAR NOT NULL,
	quantity VARCHAR,
	scale FLOAT,
	convention VARCHAR,
	positive BOOLEAN NOT NULL,
	inherited BOOLEAN NOT NULL,
	index_sets VARCHAR,
	exponent_of VARCHAR,
	exponent_sign INTEGER,
	term_sign INTEGER,
	PRIMARY KEY (law, symbol),
	FOREIGN KEY(law) REFERENCES law (id)
);

CREATE TABLE constant (
	law VARCHAR NOT NULL,
	symbol VARCHAR NOT NULL,
	value FLOAT NOT NULL,
	meaning VARCHAR NOT NULL,
	PRIMARY KEY (law, symbol),
	FOREIGN KEY(law) REFERENCES law (id)
);

CREATE TABLE fit (
	id VARCHAR NOT NULL,
	law VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	setting VARCHAR NOT NULL,
	observations INTEGER,
	complete BOOLEAN NOT NULL,
	values_sha256 VARCHAR NOT NULL,
	residual FLOAT,
	residual_on VARCHAR,
	superseded_by VARCHAR,
	source_paper VARCHAR NOT NULL,
	source_where VARCHAR NOT NULL,
	source_via VARCHAR,
	basis VARCHAR NOT NULL,
	confidence VARCHAR NOT NULL,
	note VARCHAR,
	PRIMARY KEY (id),
	FOREIGN KEY(law) REFERENCES law (id),
	FOREIGN KEY(source_paper) REFERENCES paper ("key")
);

CREATE INDEX ix_fit_law ON fit (law);

CREATE INDEX ix_fit_source_paper ON fit (source_paper);

CREATE TABLE fit_modality (
	fit VARCHAR NOT NULL,
	modality VARCHAR NOT NULL,
	said_of VARCHAR NOT NULL,
	PRIMARY KEY (fit, modality),
	FOREIGN KEY(fit) REFERENCES fit (id),
	FOREIGN KEY(modality) REFERENCES modality (id)
);

CREATE TABLE fit_value (
	fit VARCHAR NOT NULL,
	symbol VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	value FLOAT,
	stated BOOLEAN NOT NULL,
	low FLOAT,
	high FLOAT,
	level FLOAT,
	interval_method VARCHAR,
	standard_error FLOAT,
	taken_from VARCHAR,
	source_paper VARCHAR NOT NULL,
	source_where VARCHAR NOT NULL,
	source_via VARCHAR,
	basis VARCHAR NOT NULL,
	confidence VARCHAR NOT NULL,
	PRIMARY KEY (fit, symbol),
	FOREIGN KEY(fit) REFERENCES fit (id),
	FOREIGN KEY(source_paper) REFERENCES paper ("key")
);

CREATE TABLE fit_covariance (
	fit VARCHAR NOT NULL,
	symbol VARCHAR NOT NULL,
	other VARCHAR NOT NULL,
	covariance FLOAT NOT NULL,
	symbol_in_logarithm BOOLEAN NOT NULL,
	other_in_logarithm BOOLEAN NOT NULL,
	PRIMARY KEY (fit, symbol, other),
	FOREIGN KEY(fit) REFERENCES fit (id)
);

CREATE TABLE fit_dispute (
	fit VARCHAR NOT NULL,
	paper VARCHAR NOT NULL,
	reason VARCHAR NOT NULL,
	PRIMARY KEY (fit, paper),
	FOREIGN KEY(fit) REFERENCES fit (id),
	FOREIGN KEY(paper) REFERENCES paper ("key")
);

CREATE TABLE fitting_method (
	law VARCHAR NOT NULL,
	fit VARCHAR NOT NULL,
	aspect VARCHAR NOT NULL,
	code VARCHAR NOT NULL,
	detail VARCHAR,
	source_paper VARCHAR NOT NULL,
	source_where VARCHAR NOT NULL,
	basis VARCHAR NOT NULL,
	confidence VARCHAR NOT NULL,
	PRIMARY KEY (law, fit, aspect, code),
	FOREIGN KEY(law) REFERENCES law (id),
	FOREIGN KEY(source_paper) REFERENCES paper ("key")
);

CREATE TABLE worked_example (
	law VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	fit VARCHAR,
	inputs VARCHAR NOT NULL,
	coefficients VARCHAR,
	expect FLOAT NOT NULL,
	digits INTEGER,
	tolerance FLOAT,
	printed BOOLEAN NOT NULL,
	source_paper VARCHAR,
	source_where VARCHAR,
	note VARCHAR,
	PRIMARY KEY (law, position),
	FOREIGN KEY(law) REFERENCES law (id),
	FOREIGN KEY(fit) REFERENCES fit (id),
	FOREIGN KEY(source_paper) REFERENCES paper ("key")
);

CREATE INDEX ix_worked_example_fit ON worked_example (fit);

CREATE TABLE equation (
	law VARCHAR NOT NULL,
	number INTEGER,
	relation VARCHAR NOT NULL,
	expression VARCHAR,
	latex VARCHAR,
	difference VARCHAR,
	source_where VARCHAR NOT NULL,
	source_via VARCHAR,
	basis VARCHAR NOT NULL,
	confidence VARCHAR NOT NULL,
	PRIMARY KEY (law),
	FOREIGN KEY(law) REFERENCES law (id)
);

CREATE TABLE claim (
	id VARCHAR NOT NULL,
	paper VARCHAR NOT NULL,
	statement VARCHAR NOT NULL,
	value FLOAT,
	quantity VARCHAR,
	verdict VARCHAR,
	evidence VARCHAR,
	source_paper VARCHAR NOT NULL,
	source_where VARCHAR NOT NULL,
	source_via VARCHAR,
	basis VARCHAR NOT NULL,
	confidence VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(source_paper) REFERENCES paper ("key")
);

CREATE INDEX ix_claim_paper ON claim (paper);

CREATE TABLE claim_law (
	claim VARCHAR NOT NULL,
	law VARCHAR NOT NULL,
	PRIMARY KEY (claim, law),
	FOREIGN KEY(claim) REFERENCES claim (id),
	FOREIGN KEY(law) REFERENCES law (id)
);

CREATE TABLE caveat (
	paper VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	text VARCHAR NOT NULL,
	source_paper VARCHAR,
	source_where VARCHAR,
	basis VARCHAR,
	confidence VARCHAR,
	PRIMARY KEY (paper, position),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(source_paper) REFERENCES paper ("key")
);

CREATE TABLE criticism (
	id VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	section VARCHAR NOT NULL,
	statement VARCHAR NOT NULL,
	comment VARCHAR,
	PRIMARY KEY (id)
);

CREATE TABLE direction (
	id VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	section VARCHAR NOT NULL,
	statement VARCHAR NOT NULL,
	comment VARCHAR,
	PRIMARY KEY (id)
);

CREATE TABLE limitation (
	id VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	section VARCHAR NOT NULL,
	statement VARCHAR NOT NULL,
	comment VARCHAR,
	PRIMARY KEY (id)
);

CREATE TABLE finding (
	id VARCHAR NOT NULL,
	question VARCHAR,
	kind VARCHAR NOT NULL,
	section VARCHAR,
	text VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(question) REFERENCES question (id)
);

CREATE INDEX ix_finding_question ON finding (question);

CREATE TABLE support (
	kind VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	paper VARCHAR,
	law VARCHAR,
	PRIMARY KEY (kind, id, position),
	FOREIGN KEY(paper) REFERENCES paper ("key"),
	FOREIGN KEY(law) REFERENCES law (id)
);

CREATE INDEX ix_support_law ON support (law);

CREATE INDEX ix_support_paper ON support (paper);

CREATE TABLE survey_method (
	paper VARCHAR NOT NULL,
	aspect VARCHAR NOT NULL,
	code VARCHAR NOT NULL,
	section VARCHAR NOT NULL,
	verdict VARCHAR NOT NULL,
	evidence VARCHAR NOT NULL,
	PRIMARY KEY (paper, aspect, code),
	FOREIGN KEY(paper) REFERENCES paper ("key")
);

CREATE TABLE dataset (
	id VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	summary VARCHAR NOT NULL,
	licence VARCHAR NOT NULL,
	redistributable VARCHAR NOT NULL,
	licence_note VARCHAR,
	citation VARCHAR NOT NULL,
	mapping VARCHAR NOT NULL,
	variables VARCHAR,
	let VARCHAR,
	exclusions VARCHAR,
	caveats VARCHAR,
	PRIMARY KEY (id)
);

CREATE TABLE dataset_file (
	id VARCHAR NOT NULL,
	dataset VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	what VARCHAR,
	rows INTEGER NOT NULL,
	format VARCHAR NOT NULL,
	repository VARCHAR NOT NULL,
	revision VARCHAR NOT NULL,
	path VARCHAR NOT NULL,
	url VARCHAR NOT NULL,
	sha256 VARCHAR,
	bytes INTEGER,
	derived_name VARCHAR,
	derived_sha256 VARCHAR,
	derived_bytes INTEGER,
	derived_how VARCHAR,
	PRIMARY KEY (id),
	FOREIGN KEY(dataset) REFERENCES dataset (id)
);

CREATE INDEX ix_dataset_file_dataset ON dataset_file (dataset);

CREATE TABLE dataset_column (
	file VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	meaning VARCHAR NOT NULL,
	quantity VARCHAR,
	scale FLOAT,
	convention VARCHAR,
	upstream VARCHAR,
	computed VARCHAR,
	PRIMARY KEY (file, name),
	FOREIGN KEY(file) REFERENCES dataset_file (id)
);

CREATE TABLE dataset_law (
	dataset VARCHAR NOT NULL,
	law VARCHAR NOT NULL,
	PRIMARY KEY (dataset, law),
	FOREIGN KEY(dataset) REFERENCES dataset (id),
	FOREIGN KEY(law) REFERENCES law (id)
);

CREATE TABLE dataset_paper (
	dataset VARCHAR NOT NULL,
	paper VARCHAR NOT NULL,
	PRIMARY KEY (dataset, paper),
	FOREIGN KEY(dataset) REFERENCES dataset (id),
	FOREIGN KEY(paper) REFERENCES paper ("key")
);

CREATE TABLE reproduction (
	id VARCHAR NOT NULL,
	law VARCHAR NOT NULL,
	dataset VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	fits INTEGER NOT NULL,
	rows INTEGER,
	objective FLOAT,
	r2 FLOAT,
	rmse_log FLOAT,
	holdout_rmse_log FLOAT,
	verdict VARCHAR NOT NULL,
	quirk VARCHAR,
	PRIMARY KEY (id),
	FOREIGN KEY(law) REFERENCES law (id),
	FOREIGN KEY(dataset) REFERENCES dataset (id)
);

CREATE INDEX ix_reproduction_dataset ON reproduction (dataset);

CREATE INDEX ix_reproduction_law ON reproduction (law);

CREATE TABLE law_rung (
	law VARCHAR NOT NULL,
	rung VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	reached BOOLEAN NOT NULL,
	evidence VARCHAR,
	PRIMARY KEY (law, rung),
	FOREIGN KEY(law) REFERENCES law (id)
);

CREATE TABLE reproduction_verdict (
	reproduction VARCHAR NOT NULL,
	part VARCHAR NOT NULL,
	fit VARCHAR NOT NULL,
	verdict VARCHAR NOT NULL,
	ratio FLOAT,
	r2 FLOAT,
	rmse_log FLOAT,
	PRIMARY KEY (reproduction, part, fit),
	FOREIGN KEY(reproduction) REFERENCES reproduction (id),
	FOREIGN KEY(fit) REFERENCES fit (id)
);

CREATE TABLE reproduction_value (
	reproduction VARCHAR NOT NULL,
	part VARCHAR NOT NULL,
	symbol VARCHAR NOT NULL,
	value FLOAT,
	low FLOAT,
	high FLOAT,
	PRIMARY KEY (reproduction, part, symbol),
	FOREIGN KEY(reproduction) REFERENCES reproduction (id)
);

CREATE TABLE counting_formula (
	id VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	meaning VARCHAR NOT NULL,
	expression VARCHAR NOT NULL,
	quantity VARCHAR NOT NULL,
	convention VARCHAR,
	source_paper VARCHAR NOT NULL,
	source_where VARCHAR NOT NULL,
	source_via VARCHAR,
	basis VARCHAR NOT NULL,
	confidence VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(source_paper) REFERENCES paper ("key")
);

CREATE TABLE model_shape (
	id VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	shape VARCHAR NOT NULL,
	tokens FLOAT,
	note VARCHAR,
	source_paper VARCHAR NOT NULL,
	source_where VARCHAR NOT NULL,
	source_via VARCHAR,
	basis VARCHAR NOT NULL,
	confidence VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(source_paper) REFERENCES paper ("key")
);

CREATE INDEX ix_model_shape_source_paper ON model_shape (source_paper);

CREATE TABLE model_count (
	model VARCHAR NOT NULL,
	convention VARCHAR NOT NULL,
	quantity VARCHAR NOT NULL,
	value FLOAT NOT NULL,
	in_all FLOAT,
	printed FLOAT,
	tolerance FLOAT,
	source_paper VARCHAR,
	source_where VARCHAR,
	source_via VARCHAR,
	basis VARCHAR,
	confidence VARCHAR,
	PRIMARY KEY (model, convention),
	FOREIGN KEY(model) REFERENCES model_shape (id),
	FOREIGN KEY(source_paper) REFERENCES paper ("key")
);

CREATE TABLE glossary_term (
	id VARCHAR NOT NULL,
	term VARCHAR NOT NULL,
	definition VARCHAR NOT NULL,
	vocabulary VARCHAR,
	also VARCHAR,
	symbols VARCHAR,
	quantities VARCHAR,
	PRIMARY KEY (id)
);

CREATE TABLE glossary_see (
	term VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	target VARCHAR NOT NULL,
	PRIMARY KEY (term, kind, target),
	FOREIGN KEY(term) REFERENCES glossary_term (id)
);

CREATE TABLE alias (
	name VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	target VARCHAR NOT NULL,
	PRIMARY KEY (name, kind)
);

CREATE TABLE entry (
	number INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	paper VARCHAR,
	year INTEGER,
	names VARCHAR,
	title VARCHAR,
	symbols VARCHAR,
	words VARCHAR,
	text VARCHAR NOT NULL,
	weight FLOAT NOT NULL,
	PRIMARY KEY (number),
	FOREIGN KEY(paper) REFERENCES paper ("key")
);

CREATE INDEX ix_entry_id ON entry (id);

CREATE INDEX ix_entry_kind ON entry (kind);

CREATE INDEX ix_entry_paper ON entry (paper);

CREATE TABLE entry_name (
	name VARCHAR NOT NULL,
	entry INTEGER NOT NULL,
	rank INTEGER NOT NULL,
	PRIMARY KEY (name, entry),
	FOREIGN KEY(entry) REFERENCES entry (number)
);

CREATE TABLE synonym (
	form VARCHAR NOT NULL,
	meaning VARCHAR NOT NULL,
	PRIMARY KEY (form, meaning)
);

CREATE VIEW survey_table_1 AS SELECT position AS row, json_extract(cells, '$[0]') AS aspect, json_extract(cells, '$[1]') AS choshen2024, json_extract(cells, '$[2]') AS li2024b, json_extract(cells, '$[3]') AS this_survey FROM survey_row WHERE table_number = 1 ORDER BY position;

CREATE VIEW survey_table_2 AS SELECT position AS row, json_extract(cells, '$[0]') AS taxonomy_node, json_extract(cells, '$[1]') AS addressed_rqs FROM survey_row WHERE table_number = 2 ORDER BY position;

CREATE VIEW survey_table_3 AS SELECT position AS row, json_extract(cells, '$[0]') AS modality, json_extract(cells, '$[1]') AS paper, json_extract(cells, '$[2]') AS key_insights, json_extract(cells, '$[3]') AS applicability FROM survey_row WHERE table_number = 3 ORDER BY position;

CREATE VIEW survey_table_4 AS SELECT position AS row, json_extract(cells, '$[0]') AS paper, json_extract(cells, '$[1]') AS key_insights, json_extract(cells, '$[2]') AS applicability FROM survey_row WHERE table_number = 4 ORDER BY position;

CREATE VIEW survey_table_5 AS SELECT position AS row, json_extract(cells, '$[0]') AS paper, json_extract(cells, '$[1]') AS key_insights, json_extract(cells, '$[2]') AS applicability FROM survey_row WHERE table_number = 5 ORDER BY position;

CREATE VIEW survey_table_6 AS SELECT position AS row, json_extract(cells, '$[0]') AS paper, json_extract(cells, '$[1]') AS key_insights, json_extract(cells, '$[2]') AS applicability FROM survey_row WHERE table_number = 6 ORDER BY position;

CREATE VIEW survey_table_7 AS SELECT position AS row, json_extract(cells, '$[0]') AS paper, json_extract(cells, '$[1]') AS key_insights, json_extract(cells, '$[2]') AS applicability FROM survey_row WHERE table_number = 7 ORDER BY position;

CREATE VIEW survey_table_8 AS SELECT position AS row, json_extract(cells, '$[0]') AS paper, json_extract(cells, '$[1]') AS key_insights, json_extract(cells, '$[2]') AS applicability FROM survey_row WHERE table_number = 8 ORDER BY position;

CREATE VIEW survey_table_9 AS SELECT position AS row, json_extract(cells, '$[0]') AS paper, json_extract(cells, '$[1]') AS category, json_extract(cells, '$[2]') AS task, json_extract(cells, '$[3]') AS architecture, json_extract(cells, '$[4]') AS datasets, json_extract(cells, '$[5]') AS model_range, json_extract(cells, '$[6]') AS data_range FROM survey_row WHERE table_number = 9 ORDER BY position;

CREATE VIEW survey_table_10 AS SELECT position AS row, json_extract(cells, '$[0]') AS paper, json_extract(cells, '$[1]') AS dependent_variable, json_extract(cells, '$[2]') AS scaling_variable, json_extract(cells, '$[3]') AS functional_form FROM survey_row WHERE table_number = 10 ORDER BY position;

CREATE VIEW survey_table_11 AS SELECT position AS row, json_extract(cells, '$[0]') AS paper, json_extract(cells, '$[1]') AS training_code, json_extract(cells, '$[2]') AS analysis_code, json_extract(cells, '$[3]') AS github_link FROM survey_row WHERE table_number = 11 ORDER BY position;

CREATE VIRTUAL TABLE search USING fts5(kind UNINDEXED, id UNINDEXED, names, title, symbols, words, text, content = 'entry', content_rowid = 'number', tokenize = "porter unicode61 tokenchars '_'", prefix = '2 3');
